import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Found, reportJson, reportText, type Verification, verify } from "../../../src/verify/mod.ts";
import { account, database, found, type Item, item } from "./build.ts";

const SIDES = {
  gateway: "http://127.0.0.1:8080",
  database: 'The database "t" of InfluxDB 1.8.10',
  caveat: undefined,
};
const WALL = Date.parse("2026-03-10T12:00:00Z");

/** A verification of these rows against what is there. */
function verified(
  items: readonly Item[],
  there: readonly Found[],
  retention?: number,
): Promise<Verification> {
  return verify({
    account: () => Promise.resolve(account(...items)),
    database: database(() => there, {
      retention: () =>
        Promise.resolve(
          retention === undefined
            ? undefined
            : { text: 'the policy "w" keeps data for so long', ms: retention },
        ),
    }),
    patience: 0,
    pause: () => Promise.resolve(),
  });
}

Deno.test("where all agrees there are the totals and the verdict, and no row", async () => {
  const result = await verified([item("a"), item("b", { values: 1_440, sum: 3 })], [
    found("a"),
    found("b", { values: 1_440, sum: 3 }),
  ]);
  assertEquals(
    reportText(SIDES, result, WALL),
    `gateway   http://127.0.0.1:8080
database  The database "t" of InfluxDB 1.8.10
days      2026-03-01, UTC

  measurement  devices  expected  found  difference
  climate            2     1,450  1,450           0

AGREEMENT: the database holds all 1,450 values that it should; 2 of 2 sums compared
`,
  );
});

Deno.test("where something differs each row is shown, the sums by themselves, and a sentence that explains it", async () => {
  const result = await verified([item("a"), item("b"), item("c")], [
    found("a", { values: 4 }),
    found("b", { sum: 60.5 }),
    found("c", { values: 11 }),
  ]);
  const text = reportText(SIDES, result, WALL);
  assertStringIncludes(
    text,
    `  device  measurement  day         expected  found  difference
  a       climate      2026-03-01        10      4          -6
  c       climate      2026-03-01        10     11          +1

  device  measurement  day         sum expected  sum found  difference
  b       climate      2026-03-01            55       60.5         5.5
`,
  );
  assertStringIncludes(
    text,
    "DIFFERENCE: 6 values of 1 device missing, 1 value of 1 device more than was delivered, other values than were " +
      "delivered in 1 device, by the sums\n",
  );
  for (const words of ["it was deleted there", "from another writer", "written other values over"]) {
    assertStringIncludes(text, words);
  }
});

Deno.test("what is on its way, in doubt, refused and corrected is told, and a range is shown as one", async () => {
  const change = { uncertain: 2, waiting: 1_000, not_delivered: 5, rewritten: 4, sum: null };
  const text = reportText(SIDES, await verified([item("a", change)], [found("a")]), WALL);
  for (
    const words of [
      "10 to 1,012",
      "5 values were refused by the database, or given up",
      "1,000 values wait for the database",
      "2 values are in doubt",
      "4 values were delivered over earlier ones",
      "AGREEMENT: the database holds all 10 values that it should\n",
    ]
  ) assertStringIncludes(text, words);
});

Deno.test("retention is named where it explains what is missing, and where it does not", async () => {
  const week = 7 * 86_400_000;
  const explained = reportText(SIDES, await verified([item("a")], [], week), WALL);
  assertStringIncludes(
    explained,
    'Retention explains it: the policy "w" keeps data for so long, up to 2026-03-03',
  );
  const not = reportText(SIDES, await verified([item("a")], [], 4 * week), WALL);
  assertStringIncludes(not, "Retention does not explain it");
});

Deno.test("more than was delivered on the account's first day points to what came before it", async () => {
  const first = item("a", { day: "2026-02-20" });
  const text = reportText(
    SIDES,
    await verified([first], [found("a", { day: "2026-02-20", values: 12 })]),
    WALL,
  );
  assertStringIncludes(text, "The account begins at 2026-02-20T09:12:04.000Z");
  assertStringIncludes(text, "--since 2026-02-21 leaves it out");
});

Deno.test("forty rows are shown at most, and the rest is counted; the JSON has every one", async () => {
  const many = Array.from({ length: 45 }, (_, n) => item(`d${String(n).padStart(2, "0")}`));
  const result = await verified(many, []);
  const text = reportText(SIDES, result, WALL);
  assertEquals(text.match(/2026-03-01 +10 +0 +-10/g)?.length, 40);
  assertStringIncludes(text, "… and 5 more; --json has all of them");
  const json = JSON.parse(reportJson(SIDES, result, WALL));
  assertEquals([json.verdict, json.differences.length, json.expected_least, json.found], [
    "difference",
    45,
    450,
    0,
  ]);
  assertEquals([json.since, json.until], ["2026-03-01", "2026-03-02"]);
});

Deno.test("what has to be known of the account is told only where something differs", async () => {
  const sides = { ...SIDES, caveat: "The checkpoint was taken then" };
  const agreed = await verified([item("a")], [found("a")]);
  assertEquals(reportText(sides, agreed, WALL).includes("The checkpoint was taken then"), false);
  assertStringIncludes(
    reportText(sides, await verified([item("a")], []), WALL),
    "The checkpoint was taken then",
  );
});
