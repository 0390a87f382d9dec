import { balanced } from "../../src/model/mod.ts";
import { byMillisecond } from "./compare.ts";
import { FateJudge } from "./fates.ts";
import type { Fleet, Obligation } from "./fleet.ts";
import type { SimGateway } from "./gateway.ts";
import { expectedPoints } from "./oracle.ts";
import { isLeftOut } from "./oracle_readings.ts";
import { QuarantineEntries } from "./quarantine_entries.ts";
import type { ReadBack } from "./read_back.ts";
import type { Outcome } from "./summary.ts";
import { complaints, fateComplaints, judgeDatabase, judgeLedger } from "./verdict.ts";

/** What is known of a run before anything is reckoned. */
export interface RunFacts {
  /** Whether the devices have said all that fell due. */
  readonly complete: boolean;
  /** What the database holds of it. */
  readonly content: ReadBack;
  /** How often a value was written more than once; `undefined` where nobody counts. */
  readonly overwritten: Outcome["overwritten"];
  readonly outage: number;
  readonly drainTime: number | undefined;
  readonly peakPoints: number;
  readonly peakBytes: number;
  /** How long the gateway has been receiving, ms. */
  readonly elapsed: number;
  /** Messages per second that it takes of one device. */
  readonly deviceRate: number;
}

/** By device, of what is counted by series. */
function byDevice(bySeries: ReadonlyMap<string, number>): Map<string, number> {
  const devices = new Map<string, number>();
  for (const [series, count] of bySeries) {
    const id = /"device":"([^"]*)"/.exec(series)?.[1] ?? "";
    devices.set(id, (devices.get(id) ?? 0) + count);
  }
  return devices;
}

/** Holds everything at rest against what was published: the ledger, the quarantine, the database. */
export async function reckon(
  gateway: SimGateway,
  fleet: Fleet,
  facts: RunFacts,
): Promise<Outcome> {
  const ledger = gateway.ledger();
  const entries = await QuarantineEntries.read(gateway.quarantine());
  const witness = {
    device: (id: string) => gateway.device(id),
    entries,
    strays: 0,
    differing: new Map<string, number>(),
    deviceRate: facts.deviceRate,
    elapsed: facts.elapsed,
    leftOut: (message: Obligation) => isLeftOut(gateway.rules, message),
  };
  const judge = new FateJudge(witness);
  let beyondRate = 0;
  function* taken(): Generator<Obligation> {
    for (const message of fleet.acknowledged()) {
      const refused = judge.take(message);
      const { kind } = message.label.fate;
      if (refused) beyondRate++;
      else if (kind !== "not_taken" && kind !== "unsent" && !isStranger(message)) yield message;
      else if (isStranger(message)) beyondRate++;
    }
  }
  const expectation = expectedPoints(taken(), gateway.rules);
  // What only the receipt, or what was known before, decides is no matter of the message itself.
  expectation.messages += beyondRate;
  expectation.quarantined += beyondRate;
  const { content } = facts;
  const distinct = new Set(
    Object.values(gateway.rules.profiles).filter(({ time }) => time?.distinct === true)
      .map(({ measurement }) => measurement),
  );
  const found = content.kind === "points"
    ? {
      points: content.points.points,
      values: content.points.values,
      verdict: judgeDatabase(expectation.points, byMillisecond(content.points, distinct)),
    }
    : undefined;
  witness.strays = Math.max(0, ledger.messages.received - expectation.messages) + ledger.messages.filtered;
  witness.differing = byDevice(found?.verdict.bySeries ?? new Map());
  const fates = judge.rows();
  return {
    fleet: fleet.counts,
    complete: facts.complete,
    ledger,
    expectation,
    database: found,
    notCompared: content.kind === "unreadable" ? content.why : undefined,
    overwritten: facts.overwritten,
    outage: facts.outage,
    drainTime: facts.drainTime,
    peakPoints: facts.peakPoints,
    peakBytes: facts.peakBytes,
    fates,
    complaints: [
      ...complaints(
        fleet.counts,
        judgeLedger(expectation, ledger),
        ledger.balanced && balanced(ledger),
        found?.verdict,
      ),
      ...fateComplaints(fates, entries.left()),
    ],
  };
}

/** A message of a device for which the site has no room. */
function isStranger({ label }: Obligation): boolean {
  return label.fate.kind === "quarantined" && label.fate.reason === "cardinality";
}
