import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  type Account,
  differs,
  reportText,
  verify,
  type VerifyParts,
  VerifyProblem,
} from "../../../src/verify/mod.ts";
import { account, accountsInTurn, database, found, item, page } from "./build.ts";
import { accountOf } from "../../../src/verify/account.ts";

/** Parts that hold for one row that agrees, and the pauses that were made. */
function parts(change: Partial<VerifyParts> = {}): VerifyParts & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return {
    account: () => Promise.resolve(account(item("a"))),
    database: database(() => [found("a")]),
    patience: 0,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    pauses,
    ...change,
  };
}

Deno.test("V9: the gateway is asked before and after the database", async () => {
  const asked: string[] = [];
  const result = await verify(parts({
    account: accountsInTurn(
      [account(item("a", { values: 9, sum: null })), account(item("a"))],
      () => asked.push("gateway"),
    ),
    database: database(() => {
      asked.push("database");
      return [found("a")];
    }),
  }));
  assertEquals(asked, ["gateway", "database", "gateway"]);
  assertEquals([result.rows[0]?.least, result.rows[0]?.most, differs(result)], [9, 10, false]);
});

Deno.test("V9: a difference is looked at again until it is gone, or has lasted for the patience given", async () => {
  let values = 8;
  const late = parts({ patience: 7_000, database: database(() => [found("a", { values: ++values })]) });
  assertEquals([differs(await verify(late)), late.pauses], [false, [500]]);
  const never = parts({ patience: 7_000, database: database(() => [found("a", { values: 9 })]) });
  assertEquals([differs(await verify(never)), never.pauses], [true, [500, 1_000, 2_000, 3_500]]);
  const none = parts({ database: database(() => [found("a", { values: 9 })]) });
  assertEquals([differs(await verify(none)), none.pauses], [true, []]);
});

Deno.test("V12: where there is more than may be, those devices are counted once more, the slow way", async () => {
  const asked: (readonly string[])[] = [];
  const twice = database(() => [found("a", { values: 20 }), found("b")], {
    keeps: "decimal",
    recount(_, devices) {
      asked.push(devices);
      return Promise.resolve(devices.map((device) => found(device)));
    },
  });
  const result = await verify(
    parts({ account: () => Promise.resolve(account(item("a"), item("b"))), database: twice }),
  );
  assertEquals([asked, differs(result), result.rows.length], [[["a"]], false, 2]);
});

Deno.test("V12: measurements with points closer than a millisecond are not compared with VictoriaMetrics", async () => {
  const head = page([item("a"), item("a", { measurement: "logs" })]);
  const measurements = head.measurements.map((each) => ({ ...each, finer_than_ms: each.name === "logs" }));
  const own = accountOf([{ ...head, measurements }]);
  const asked: string[] = [];
  const ask = (keeps: "double" | "decimal") =>
    database(() => [found("a")], {
      keeps,
      content({ measurement }) {
        asked.push(measurement);
        return Promise.resolve([found("a")]);
      },
    });
  const result = await verify(parts({ account: () => Promise.resolve(own), database: ask("decimal") }));
  assertEquals([asked, result.skipped, result.rows.length], [["climate"], ["logs"], 1]);
  asked.length = 0;
  await verify(parts({ account: () => Promise.resolve(own), database: ask("double") }));
  assertEquals(asked, ["climate", "logs"]);
});

Deno.test("whole days around what was asked for are compared, as far as the account goes", async () => {
  const days = ["2026-03-01", "2026-03-02", "2026-03-04"];
  const own = account(...days.map((day) => item("a", { day })));
  const all = days.map((day) => found("a", { day }));
  const ranges: [string | undefined, string | undefined, string[]][] = [
    [undefined, undefined, days],
    ["2026-03-02T00:00:00Z", undefined, days.slice(1)],
    ["2026-03-02T23:00:00Z", "2026-03-02T23:30:00Z", ["2026-03-02"]],
    ["2020-01-01T00:00:00Z", "2026-03-02T00:00:00Z", ["2026-03-01"]],
  ];
  for (const [since, until, expected] of ranges) {
    const result = await verify(parts({
      account: () => Promise.resolve(own),
      database: database(() => all, {
        content: ({ days: { from, to } }) =>
          Promise.resolve(all.filter(({ day }) => Date.parse(day) >= from && Date.parse(day) < to)),
      }),
      since: since === undefined ? undefined : Date.parse(since),
      until: until === undefined ? undefined : Date.parse(until),
    }));
    assertEquals([result.rows.map(({ day }) => day), differs(result)], [expected, false]);
  }
});

Deno.test("V8: days that the account no longer holds whole are left out, and told where they were asked for", async () => {
  const own = accountOf([page([item("a"), item("a", { day: "2026-03-02" })], { whole_from: "2026-03-02" })]);
  const asked = parts({
    account: () => Promise.resolve(own),
    database: database(() => [found("a", { day: "2026-03-02" })]),
    since: Date.parse("2026-02-01"),
  });
  const result = await verify(asked);
  assertEquals([result.rows.length, differs(result)], [1, false]);
  const sides = { gateway: "g", database: "d", caveat: undefined };
  assertStringIncludes(reportText(sides, result, 0), "The account goes back to 2026-03-02");
});

Deno.test("where there is nothing to compare nothing agrees", async () => {
  const empty: [Partial<VerifyParts>, string][] = [
    [{ account: () => Promise.resolve(account()) }, "the gateway's account is empty"],
    [{ since: Date.parse("2030-01-01") }, "the account has nothing from 2030-01-01"],
  ];
  for (const [change, words] of empty) {
    const error = await assertRejects(() => verify(parts(change)), VerifyProblem);
    assertStringIncludes(error.message, words);
  }
});

Deno.test("retention is asked for only where something is missing", async () => {
  let asked = 0;
  const retention = () => {
    asked++;
    return Promise.resolve({ text: 'the retention policy "week" keeps data for 168h0m0s', ms: 604_800_000 });
  };
  await verify(parts({ database: database(() => [found("a")], { retention }) }));
  await verify(parts({ database: database(() => [found("a", { values: 12 })], { retention }) }));
  assertEquals(asked, 0);
  const missing: Account = account(item("a"));
  const result = await verify(parts({
    account: () => Promise.resolve(missing),
    database: database(() => [], { retention }),
  }));
  assertEquals([asked, result.retention?.ms], [1, 604_800_000]);
});
