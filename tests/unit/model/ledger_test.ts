import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { balanced, emptyLedger, imbalance, type Ledger } from "../../../src/model/mod.ts";

type Identity = "messages" | "readings" | "points";

/** The sum of each identity and its parts, as the promises state them. */
const IDENTITIES: readonly [Identity, string, readonly string[]][] = [
  ["messages", "received", [
    "processed",
    "duplicate",
    "filtered",
    "sampled",
    "quarantined",
    "waiting",
    "corrupt",
  ]],
  ["readings", "decoded", [
    "open",
    "waiting",
    "delivered",
    "unchanged",
    "rejected",
    "late",
    "refused",
    "evicted",
  ]],
  ["points", "produced", ["delivered", "waiting", "refused", "evicted"]],
];

function ledgerWith(identity: Identity, counts: Readonly<Record<string, number>>): Ledger {
  const ledger = emptyLedger();
  return { ...ledger, [identity]: { ...ledger[identity], ...counts } };
}

Deno.test("a ledger of zeros is balanced", () => {
  assert(balanced(emptyLedger()));
  assertEquals(imbalance(emptyLedger()), { messages: 0, readings: 0, points: 0 });
});

for (const [identity, sum, parts] of IDENTITIES) {
  Deno.test(`${identity}: ${sum} = ${parts.join(" + ")}, and nothing else counts`, () => {
    assertEquals([...Object.keys(emptyLedger()[identity])].sort(), [sum, ...parts].sort());
    for (const part of parts) {
      assert(balanced(ledgerWith(identity, { [sum]: 3, [part]: 3 })), part);
      assertEquals(imbalance(ledgerWith(identity, { [part]: 1 }))[identity], -1, part);
    }
    assertEquals(imbalance(ledgerWith(identity, { [sum]: 2 }))[identity], 2);
  });

  Deno.test(`${identity}: any counts that add up are balanced, one more is off by one (property)`, () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e9), { minLength: parts.length, maxLength: parts.length }), (counts) => {
        const ledger: Record<string, number> = Object.fromEntries(
          parts.map((part, at) => [part, counts[at] ?? 0]),
        );
        ledger[sum] = counts.reduce((all, one) => all + one, 0);
        assert(balanced(ledgerWith(identity, ledger)));
        ledger[sum]++;
        const off = { messages: 0, readings: 0, points: 0, [identity]: 1 };
        assertEquals(imbalance(ledgerWith(identity, ledger)), off);
      }),
    );
  });
}

Deno.test("what is counted beside the identities does not touch them", () => {
  const ledger = emptyLedger();
  ledger.beside.resent = 5;
  ledger.beside.replayed = 7;
  assert(balanced(ledger));
});

Deno.test("two empty ledgers share nothing", () => {
  const first = emptyLedger();
  first.messages.received++;
  assertEquals(emptyLedger().messages.received, 0);
});
