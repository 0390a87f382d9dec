import { assertEquals, assertStringIncludes } from "@std/assert";
import { explainPast, type ExplainPastArgs, type Post } from "../../../src/cli/explain_past.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { memorySources } from "../config/memory_sources.ts";

const WISH: ExplainPastArgs = {
  ...{ device: "k1", time: "2026-11-28T14:00:00+01:00", field: undefined },
  ...{ url: "http://127.0.0.1:8080", tokenFile: undefined },
};

function answer(from: string) {
  const step = { step: "found", outcome: "ok", title: "Found", text: "It is there", facts: { from } };
  return { steps: [step], points: ["m,device=k1 x=1 1"], alerts: [] };
}

/** Exit code, output, and what the gateway was asked. */
async function asked(
  change: Partial<ExplainPastArgs>,
  answered: { status?: number; body?: unknown } = {},
  isTerminal = false,
): Promise<{ code: number; said: string; posts: unknown[] }> {
  const said: string[] = [];
  const posts: unknown[] = [];
  const io: CliIo = {
    stdout: (text) => void said.push(text),
    stderr: (text) => void said.push(text),
    isTerminal,
    color: false,
    env: () => undefined,
    readBytes: () => Promise.reject(new Error("no such file")),
    sources: memorySources({ token: "secret\n" }),
  };
  const post: Post = (url, body, token) => {
    posts.push([url, body, token]);
    const { status = 200, body: text = answer("inbox") } = answered;
    return Promise.resolve({ status, text: JSON.stringify(text) });
  };
  return { code: await explainPast({ ...WISH, ...change }, io, post), said: said.join(""), posts };
}

Deno.test("a reading of the past is asked of the gateway, by its moment in UTC and with the token of a file", async () => {
  const { code, said, posts } = await asked({ field: "t", tokenFile: "token" });
  assertEquals([code, posts], [0, [[
    "http://127.0.0.1:8080/api/v1/explain",
    { device: "k1", time: "2026-11-28T13:00:00.000Z", field: "t" },
    "secret",
  ]]]);
  assertEquals(said.split("\n").map((line) => line === "" ? "" : JSON.parse(line).step), [
    "found",
    "line",
    "",
  ]);
  assertEquals(
    (await asked({}, {}, true)).said,
    "found          It is there\nline           m,device=k1 x=1 1\n",
  );
});

Deno.test("what is not there any more, and an answer that is none, are a failure; a wrong time or address is usage", async () => {
  assertEquals((await asked({}, { body: answer("none") })).code, 1);
  const refused = await asked({}, { status: 403, body: { detail: "no" } });
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.said, "answers 403");
  for (const change of [{ time: "yesterday" }, { url: "ftp://x" }, { url: "here" }]) {
    const { code, posts } = await asked(change);
    assertEquals([code, posts], [2, []]);
  }
  assertStringIncludes((await asked({ tokenFile: "other" })).said, "cannot be asked");
});
