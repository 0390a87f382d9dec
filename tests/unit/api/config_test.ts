import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Actor, ConfigView } from "../../../src/api/mod.ts";
import { api, fakeViews, LOCAL, TOKENS } from "./fake_gateway.ts";
import { SAMPLE_CHANGES, SAMPLE_FAULTS } from "./sample_config.ts";

/** Posts as the admin to an API whose configuration is this. */
function post(
  view: Partial<ConfigView>,
  path: string,
  body?: unknown,
  token: string = TOKENS.admin,
): Promise<Response> {
  const on = api({ config: { ...fakeViews().config, ...view } });
  const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return on.fetch(
    new Request(`http://10.0.0.1/api/v1/config/${path}`, {
      method: "POST",
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    LOCAL,
  );
}

Deno.test("without a body the file on disk is judged, with a text that text", async () => {
  const texts: (string | null)[] = [];
  const validate: ConfigView["validate"] = (text) => {
    texts.push(text);
    return fakeViews().config.validate(text);
  };
  const disk = await post({ validate }, "validate");
  assertEquals(await disk.json(), { valid: true, problems: [], warnings: [], differences: SAMPLE_CHANGES });
  const empty = await post({ validate }, "validate", {});
  assertEquals((await empty.json()).valid, true);
  const text = await post({ validate }, "validate", { text: "alerts: [{ abov: 3 }]" });
  assertEquals(await text.json(), { valid: false, problems: SAMPLE_FAULTS, warnings: [], differences: [] });
  assertEquals(texts, [null, null, "alerts: [{ abov: 3 }]"]);
});

Deno.test("a body that is none, and a field that is not known, are refused", async () => {
  for (const body of [{ txt: "x" }, { text: 3 }, "text"]) {
    const answer = await post({}, "validate", body);
    assertEquals([answer.status, (await answer.json()).reason], [400, "bad_request"]);
  }
});

Deno.test("a reload says what is different now, and for what a restart is needed", async () => {
  const actors: Actor[] = [];
  const answer = await post({
    reload(actor) {
      actors.push(actor);
      return Promise.resolve({ kind: "reloaded", differences: SAMPLE_CHANGES });
    },
  }, "reload");
  assertEquals(answer.status, 200);
  assertEquals(await answer.json(), { differences: SAMPLE_CHANGES, restart_needed: ["buffer.max_bytes"] });
  const [actor] = actors;
  assertEquals([actor?.name, actor?.role, actor?.address], ["admin-token", "admin", "127.0.0.1"]);
});

Deno.test("a file that is wrong is 422 with every place; the configuration in force stays", async () => {
  const answer = await post(
    { reload: () => Promise.resolve({ kind: "refused", problems: SAMPLE_FAULTS }) },
    "reload",
  );
  assertEquals([answer.status, answer.headers.get("content-type")], [422, "application/problem+json"]);
  const problem = await answer.json();
  assertEquals(problem.reason, "config_invalid");
  assertStringIncludes(problem.detail, "1 problem; the one in force stays");
  assertEquals(problem.errors, [{
    in: "file",
    name: "alerts[0].abov",
    detail: 'Unknown key, did you mean "above"',
    file: "gateway.yaml",
    line: 3,
    column: 5,
  }]);
});

Deno.test("while the gateway cannot, it says so and when to ask again", async () => {
  const unavailable = { kind: "unavailable" as const, detail: "The gateway is replaying" };
  for (const path of ["reload", "validate"]) {
    const answer = await post({
      reload: () => Promise.resolve(unavailable),
      validate: () => Promise.resolve(unavailable),
    }, path);
    assertEquals([answer.status, answer.headers.has("retry-after")], [503, true]);
    assertStringIncludes((await answer.json()).detail, "replaying");
  }
});

Deno.test("only an admin may, also on this machine", async () => {
  for (const path of ["validate", "reload"]) {
    for (const token of [TOKENS.viewer, TOKENS.operator]) {
      const answer = await post({}, path, undefined, token);
      assertEquals(answer.status, 403);
      await answer.text();
    }
  }
});
