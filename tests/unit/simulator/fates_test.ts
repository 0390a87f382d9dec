import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Fate, Obligation, Quarantined } from "../../../devices/simulator/mod.ts";
import { FateJudge, type FateRow } from "../../../devices/simulator/fates.ts";
import { QuarantineEntries } from "../../../devices/simulator/quarantine_entries.ts";
import { fateComplaints } from "../../../devices/simulator/verdict.ts";
import { emptyLedger, type Ledger } from "../../../src/model/mod.ts";

const TOPIC = "site/north/climate/climate-001";

interface Said {
  readonly entries?: readonly Quarantined[];
  readonly processed?: number;
  readonly sampled?: number;
  readonly duplicate?: number;
  readonly gaps?: number;
  readonly strays?: number;
  readonly differing?: number;
  readonly deviceRate?: number;
  /** Payloads that the profile's `sample` leaves out. */
  readonly leftOut?: readonly string[];
}

function entry(reason: Quarantined["reason"], payload: string, more: Partial<Quarantined> = {}): Quarantined {
  return { what: "message", topic: TOPIC, reason, payload, altered: false, ...more };
}

/** Judges messages of one device under one fault, by what a gateway says. */
async function judged(
  fates: readonly Fate[],
  said: Said,
): Promise<{ rows: FateRow[]; left: [string, number][] }> {
  async function* read(): AsyncGenerator<Quarantined> {
    yield* said.entries ?? [];
  }
  const entries = await QuarantineEntries.read(read());
  const ledger: Ledger = emptyLedger();
  ledger.messages.processed = said.processed ?? 0;
  ledger.messages.sampled = said.sampled ?? 0;
  ledger.messages.duplicate = said.duplicate ?? 0;
  ledger.beside.sequence_gaps = said.gaps ?? 0;
  const judge = new FateJudge({
    device: (id) => id === "climate-001" ? ledger : undefined,
    entries,
    strays: said.strays ?? 0,
    differing: new Map([["climate-001", said.differing ?? 0]]),
    deviceRate: said.deviceRate ?? 1,
    elapsed: 1_000,
    leftOut: ({ payload }) => said.leftOut?.includes(payload) === true,
  });
  for (const [number, fate] of fates.entries()) {
    const message: Obligation = {
      topic: TOPIC,
      payload: `m${number}`,
      label: { fault: "f", fate },
      receivedAt: 0,
    };
    judge.take(message);
  }
  return { rows: judge.rows(), left: entries.left() };
}

async function matched(fates: readonly Fate[], said: Said): Promise<boolean[]> {
  return (await judged(fates, said)).rows.map((row) => row.matched);
}

Deno.test("a refused message must be in the quarantine, for its reason and with its payload", async () => {
  const fate: Fate = { kind: "quarantined", reason: "range" };
  assertEquals(await matched([fate], { entries: [entry("range", "m0")] }), [true]);
  assertEquals(await matched([fate], { entries: [entry("type", "m0")] }), [false]);
  assertEquals(await matched([fate], { entries: [entry("range", "m1")] }), [false]);
  assertEquals(await matched([fate], { entries: [entry("range", "m0", { what: "readings" })] }), [false]);
  assertEquals(await matched([fate, fate], { entries: [entry("range", "m0")] }), [false]);
  assertEquals(await matched([fate], {}), [false]);
});

Deno.test("an entry whose payload is redacted is known by its topic and reason, and claimed once", async () => {
  const fate: Fate = { kind: "rejected", reason: "type" };
  const one = entry("type", "{}", { what: "readings", altered: true });
  assertEquals(await matched([fate], { entries: [one], processed: 1 }), [true]);
  assertEquals(await matched([fate, fate], { entries: [one], processed: 2 }), [false]);
});

Deno.test("what nobody caused is left over and complained of", async () => {
  const { rows, left } = await judged([{ kind: "accepted" }], {
    entries: [entry("rate", "x")],
    processed: 1,
  });
  assertEquals(left, [[`message on ${TOPIC}: rate`, 1]]);
  assertStringIncludes(fateComplaints(rows, left)[0] ?? "", "1 times what nobody caused");
});

Deno.test("accepted messages must be counted by their device, and its values in the database be right", async () => {
  const two: Fate[] = [{ kind: "accepted" }, { kind: "accepted" }];
  assertEquals(await matched(two, { processed: 2 }), [true]);
  assertEquals(await matched(two, { processed: 1 }), [false]);
  assertEquals(await matched(two, { processed: 3 }), [false]);
  assertEquals(await matched(two, { processed: 2, differing: 1 }), [false]);
});

Deno.test("of accepted messages those that sample leaves out must be counted as sampled, and no others", async () => {
  const three: Fate[] = Array.from({ length: 3 }, () => ({ kind: "accepted" }));
  const leftOut = ["m1"];
  const { rows } = await judged(three, { processed: 2, sampled: 1, leftOut });
  assertEquals(rows.map(({ must, became, matched }) => [must, became, matched]), [
    ["accepted", "2 accepted, 1 sampled", true],
  ]);
  assertEquals(await matched(three, { processed: 3, leftOut }), [false]);
  assertEquals(await matched(three, { processed: 1, sampled: 2, leftOut }), [false]);
  assertEquals(await matched(three, { processed: 2, sampled: 1 }), [false]);
});

Deno.test("a duplicate must be counted as one, a gap must be missed, a foreign message not be received", async () => {
  assertEquals(await matched([{ kind: "duplicate" }], { duplicate: 1 }), [true]);
  assertEquals(await matched([{ kind: "duplicate" }], {}), [false]);
  assertEquals(await matched([{ kind: "not_taken" }], {}), [true]);
  assertEquals(await matched([{ kind: "not_taken" }], { strays: 1 }), [false]);
  const lost: Fate[] = [{ kind: "unsent", counted: true }, { kind: "accepted" }, {
    kind: "unsent",
    counted: true,
  }];
  // The last one is followed by nothing: nobody can miss it.
  assertEquals(await matched(lost, { gaps: 1, processed: 1 }), [true, true]);
  assertEquals(await matched(lost, { gaps: 0, processed: 1 }), [false, true]);
});

Deno.test("a flood is held to its bounds: neither all of it nor none", async () => {
  const flood: Fate[] = Array.from({ length: 100 }, () => ({ kind: "limited" }));
  const refused = (from: number): Quarantined[] =>
    flood.slice(from).map((_, index) => entry("rate", `m${from + index}`));
  assertEquals(await matched(flood, { deviceRate: 10, duplicate: 15, entries: refused(15) }), [true]);
  assertEquals(await matched(flood, { deviceRate: 10, duplicate: 100 }), [false]);
  assertEquals(await matched(flood, { deviceRate: 10, duplicate: 0, entries: refused(0) }), [false]);
  const some = { deviceRate: 10, entries: refused(15) };
  assertEquals(await matched(flood, { ...some, duplicate: 14 }), [false]);
  assertEquals(await matched(flood, { ...some, duplicate: 14, processed: 1 }), [false]);
});
