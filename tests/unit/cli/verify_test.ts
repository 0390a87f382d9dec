import { assertEquals, assertStringIncludes } from "@std/assert";
import type { CliIo } from "../../../src/cli/io.ts";
import { main } from "../../../src/cli/main.ts";
import { type AnswerRule, HttpReceiver, type Received, refusal } from "../../support/http_receiver.ts";
import { memorySources, small } from "../config/memory_sources.ts";
import { item, page } from "../verify/build.ts";
import { influxdb } from "../verify/stand_in.ts";

/** What a run said, and its exit code. */
interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(files: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Said> {
  const said: { out: string; err: string } = { out: "", err: "" };
  const io: CliIo = {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    isTerminal: false,
    color: false,
    env: () => undefined,
    readBytes: (path) => Promise.reject(new Deno.errors.NotFound(path)),
    sources: memorySources(files),
  };
  return { code: await main(["verify", "--patience", "0s", ...argv], io), ...said };
}

/** A configuration with an InfluxDB 1.x. */
function configOf(database: string): Record<string, string> {
  return small(
    `influxdb: { url: "${database}", version: 1, database: telemetry, username: gateway, password: hush-hush }\n`,
    { "viewer.token": "sluice_viewer\n" },
  );
}

/** An InfluxDB that holds what `item("a")` says. */
function holds({ path, text }: Received): Response | undefined {
  if (path === "/ping") return new Response(null, { status: 204, headers: influxdb("1.8.10") });
  const asked = new URLSearchParams(text).get("q") ?? "";
  const columns = ["time", "count_t_mean", "sum_t_mean"];
  const series = [{ tags: { device: "a" }, columns, values: [[Date.parse("2026-03-01"), 10, 55]] }];
  return Response.json({ results: [asked.startsWith("SELECT") ? { series } : {}] }, {
    headers: influxdb("1.8.10"),
  });
}

async function withBoth(
  answers: { readonly gateway: AnswerRule; readonly database?: AnswerRule },
  use: (gateway: HttpReceiver, database: HttpReceiver) => Promise<void>,
): Promise<void> {
  const gateway = new HttpReceiver(answers.gateway);
  const database = new HttpReceiver(answers.database ?? holds);
  try {
    await use(gateway, database);
  } finally {
    await Promise.all([gateway.close(), database.close()]);
  }
}

const ACCOUNT = () => Response.json(page([item("a")]));

Deno.test("verify asks the gateway with its token, page by page, and prints agreement", async () => {
  let busy = true;
  await withBoth({
    gateway({ query }) {
      if (busy) {
        busy = false;
        return new Response("{}", { status: 429 });
      }
      return query.get("cursor") === "1"
        ? Response.json(page([item("a")]))
        : Response.json(page([item("a", { day: "2026-02-28", values: 0, sum: 0 })], { next_cursor: "1" }));
    },
  }, async (gateway, database) => {
    const said = await run(
      configOf(database.url),
      ...[
        "--url",
        gateway.url,
        "--token-file",
        "viewer.token",
        "--since",
        "2026-03-01",
        "--until",
        "2026-03-02",
      ],
    );
    assertEquals([said.code, said.err], [0, ""], said.out);
    assertStringIncludes(
      said.out,
      "AGREEMENT: the database holds all 10 values that it should; 1 of 1 sums compared",
    );
    assertStringIncludes(
      said.out,
      `database  The database "telemetry" of InfluxDB 1.8.10 at ${database.url}\n`,
    );
    assertEquals(
      gateway.requests.map(({ headers }) => headers.get("authorization")),
      Array(5).fill("Bearer sluice_viewer"),
    );
    assertEquals(gateway.requests[0]?.query.get("limit"), "5000");
    assertEquals(
      database.requests.at(-1)?.headers.get("authorization"),
      `Basic ${btoa("gateway:hush-hush")}`,
    );
  });
});

Deno.test("verify tells the difference and ends with 1", async () => {
  await withBoth(
    { gateway: () => Response.json(page([item("a", { values: 12 })])) },
    async (gateway, database) => {
      const said = await run(configOf(database.url), "--url", gateway.url, "--json");
      assertEquals(said.code, 1);
      const told = JSON.parse(said.out);
      assertEquals([told.verdict, told.differences.length, told.differences[0].difference], [
        "difference",
        1,
        -2,
      ]);
    },
  );
});

Deno.test("where nothing is compared verify ends with 2 and one sentence that says why, without a secret", async () => {
  const asksForToken = () => new Response("{}", { status: 401 });
  const cases:
    readonly (readonly [string, { gateway: AnswerRule; database?: AnswerRule }, string, string[]?])[] = [
      ["a gateway that asks for a token", { gateway: asksForToken }, "--token-file"],
      [
        "another program",
        { gateway: () => new Response("<html></html>") },
        "is no Sluice that keeps a delivery account",
      ],
      [
        "a gateway that fails",
        { gateway: () => new Response("boom", { status: 500 }) },
        'with status 500: "boom"',
      ],
      ["an empty account", { gateway: () => Response.json(page([])) }, "the gateway's account is empty"],
      [
        "a database that does not exist",
        {
          gateway: ACCOUNT,
          database: ({ path }) =>
            path === "/ping"
              ? undefined
              : Response.json({ results: [{ error: "database not found: telemetry" }] }),
        },
        'does not exist: "database not found: telemetry"',
      ],
      [
        "a password that is not accepted",
        {
          gateway: ACCOUNT,
          database: ({ path }) =>
            path === "/ping" ? undefined : refusal(401, "authorization failed: hush-hush"),
        },
        "the right to read",
      ],
      [
        "a database that is something else",
        { gateway: ACCOUNT, database: () => new Response("<html></html>") },
        "neither InfluxDB nor VictoriaMetrics",
      ],
      ["a wrong range", { gateway: ACCOUNT }, "--since was", ["--since", "yesterday"]],
      ["a wrong patience", { gateway: ACCOUNT }, "--patience was", ["--patience", "long"]],
      ["no token file", { gateway: ACCOUNT }, 'The token file "none" cannot be read', [
        "--token-file",
        "none",
      ]],
      ["a folder that is none", { gateway: ACCOUNT }, "give a gateway's data folder", [
        "--data-dir",
        "/nowhere",
      ]],
    ];
  for (const [name, answers, words, more = []] of cases) {
    await withBoth(answers, async (gateway, database) => {
      const said = await run(configOf(database.url), "--url", gateway.url, ...more);
      assertEquals([said.code, said.out], [2, ""], `${name}: ${said.err}`);
      assertStringIncludes(said.err, words, name);
      assertEquals([said.err.trimEnd().includes("\n"), said.err.includes("hush-hush")], [false, false], name);
    });
  }
});

Deno.test("without a database, or with an address that is none, verify ends with 2", async () => {
  const none = await run(small(""), "--url", "http://127.0.0.1:9");
  assertEquals(none.code, 2);
  assertStringIncludes(none.err, "names no database; add the section influxdb");
  const address = await run(configOf("http://127.0.0.1:9"), "--url", "nowhere");
  assertEquals(address.code, 2);
  assertStringIncludes(address.err, 'found "nowhere"; allowed is http://HOST:PORT');
});
