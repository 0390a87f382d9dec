import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  byMillisecond,
  compare,
  type Expectation,
  expectedPoints,
  parseLines,
  type PointTable,
} from "../../../devices/simulator/mod.ts";
import { FAULTS } from "../../../devices/simulator/faults/registry.ts";
import { LineStore } from "../../../devices/simulator/line_store.ts";
import { isLeftOut } from "../../../devices/simulator/oracle_readings.ts";
import { planOf, type PlanOptions } from "../../../devices/simulator/plan.ts";
import { readRecording, Recorder } from "../../../devices/simulator/recording.ts";
import type { Planned } from "../../../devices/simulator/script.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { Refused } from "../../../src/model/mod.ts";
import { River, riverLedger } from "../../../src/pipeline/mod.ts";
import { loadSite, OWN } from "./load_site.ts";

const START = 1_764_000_004_321;
const DURATION = 60_000;

/** What a site with faults publishes, in the order of publishing; who waits comes when all others have spoken. */
function published(options: Partial<PlanOptions> = {}): Planned[] {
  const plan = planOf({ devices: 20, rate: 1, seed: 5, duration: DURATION, faults: FAULTS, ...options });
  const messages: Planned[] = [];
  const waiting: Planned[] = [];
  for (const { waits, open } of plan.scripts) {
    for (const message of open(START)) {
      if (message.due >= DURATION) break;
      (waits ? waiting : messages).push(message);
    }
  }
  return [...messages, ...waiting.map((message) => ({ ...message, due: DURATION - 1 }))]
    .sort((a, b) => a.due - b.due);
}

interface Flown {
  readonly expectation: Expectation;
  readonly points: PointTable;
  readonly river: River;
  /** What was published, what must become of it, and what did. */
  readonly fates: readonly Fated[];
}

type Fated = readonly [planned: Planned, must: string, became: string];

/** Runs messages through the gateway's own river, and says of each what became of it. */
async function flow(messages: readonly Planned[], options: Partial<PlanOptions> = {}): Promise<Flown> {
  const plan = planOf({ devices: 20, rate: 1, seed: 5, duration: DURATION, faults: FAULTS, ...options });
  const { rules } = await loadSite(OWN, 1, { devices: plan.devices, deviceRate: plan.deviceRate });
  const river = new River(rules);
  const lines: string[] = [];
  let refused: Refused[] = [];
  const output = {
    point: (point: Parameters<typeof encodeLine>[0]) => void lines.push(encodeLine(point)),
    refused: (one: Refused) => void refused.push(one),
    alert: () => {},
  };
  const encoder = new TextEncoder();
  const fates: Fated[] = [];
  let position = 0;
  for (const planned of messages) {
    if (planned.label.fate.kind === "unsent") continue;
    const before = riverLedger(river).messages;
    refused = [];
    const message = {
      topic: planned.topic,
      payload: encoder.encode(planned.payload),
      connection: 1,
      packetId: 0,
    };
    river.step({
      position: ++position,
      stamp: {
        receivedAt: START + Math.ceil(planned.due),
        elapsed: Math.ceil(planned.due),
        implausible: false,
      },
      content: { kind: "message", message: { ...message, dup: false, retain: false, userProperties: [] } },
    }, output);
    const after = riverLedger(river).messages;
    const reasons = [...new Set(refused.map(({ refusal }) => refusal.reason))].join();
    const fate = after.duplicate > before.duplicate
      ? "duplicate"
      : after.filtered > before.filtered
      ? "not_taken"
      : after.sampled > before.sampled
      ? "sampled"
      : after.quarantined > before.quarantined
      ? `quarantined ${reasons}`
      : reasons === ""
      ? "accepted"
      : `rejected ${reasons}`;
    const receivedAt = START + planned.due;
    const leftOut = planned.label.fate.kind === "accepted" && isLeftOut(rules, { ...planned, receivedAt });
    fates.push([planned, leftOut ? "sampled" : labelled(planned), fate]);
  }
  const elapsed = DURATION + 86_400_000;
  const stamp = { receivedAt: START + elapsed, elapsed, implausible: false };
  river.step({ position: ++position, stamp, content: { kind: "tick" } }, output);
  const store = new LineStore();
  assertEquals(store.write(parseLines(lines.join("\n")), 1n), undefined);
  const taken = fates.filter(([, , fate]) =>
    fate !== "quarantined rate" && fate !== "quarantined cardinality"
  );
  const expectation = expectedPoints(
    taken.map(([{ due, topic, payload }]) => ({ topic, payload, receivedAt: START + due })),
    rules,
  );
  return { expectation, points: byMillisecond(store.points, new Set(["access", "logs"])), river, fates };
}

function labelled({ label: { fate } }: Planned): string {
  return "reason" in fate ? `${fate.kind} ${fate.reason}` : fate.kind;
}

Deno.test("every label is what the gateway's river makes of its message", async () => {
  const { fates } = await flow(published());
  const wrong = fates.filter(([, must, became]) =>
    must === "limited" ? !["duplicate", "quarantined rate"].includes(became) : must !== became
  );
  assertEquals(
    wrong.slice(0, 3).map(([{ label, payload }, must, became]) => [label, payload, must, became]),
    [],
  );
  const struck = new Set(fates.flatMap(([{ label }]) => label.fault ?? []));
  assertEquals(FAULTS.filter((name) => name !== "dropout" && !struck.has(name)), []);
  const logged = fates.filter(([{ topic }]) => topic.includes("/log/"));
  assert(logged.some(([, must]) => must === "sampled") && logged.some(([, must]) => must === "accepted"));
});

Deno.test("with every fault the river and the oracle come to the same points and counts", async () => {
  for (const seed of [5, 6]) {
    const { expectation, points, river } = await flow(published({ seed }), { seed });
    assertEquals(compare(expectation.points, points).slice(0, 5), []);
    const { readings, messages } = riverLedger(river);
    const { decoded, unchanged, rejected, late, open } = readings;
    assertEquals(messages.sampled, expectation.sampled);
    assertEquals([decoded, unchanged, rejected, late, open], [
      expectation.readings,
      expectation.unchanged,
      expectation.rejected,
      0,
      0,
    ]);
  }
});

Deno.test("a flood is bounded: the first second's worth passes, most of it does not", async () => {
  const { fates } = await flow(published());
  const flood = fates.filter(([{ label }]) => label.fault === "flood");
  const refused = flood.filter(([, , fate]) => fate === "quarantined rate").length;
  assert(refused > 100 && flood.length - refused >= 100, `${refused} of ${flood.length}`);
});

Deno.test("a flood repeats what was said, and its device is silent after it until its rate is its own again", () => {
  const only = published({ faults: ["flood"] });
  const [first] = only.filter(({ label }) => label.fault === "flood");
  assert(first !== undefined);
  const own = only.filter(({ topic }) => topic === first.topic);
  const said = new Set<string>();
  let before = own[0];
  for (const message of own) {
    const copies = message.label.fault === "flood";
    assertEquals(said.has(message.payload), copies, message.payload);
    if (!copies && before?.label.fault === "flood") assert(message.due - before.due >= 5_000);
    said.add(message.payload);
    before = message;
  }
  assert(own.length - said.size > 1_000);
});

Deno.test("a device that starts anew counts from the beginning and never below it", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const own = published({ devices: 84, seed, faults: ["sequence_reset"] })
      .filter(({ label }) => label.fault === "sequence_reset");
    assertEquals(own.filter(({ payload }) => /"(seq|event_id|n)":-/.test(payload)).slice(0, 1), []);
  }
});

Deno.test("one seed publishes one set with all its faults, another seed another", () => {
  assertEquals(published(), published());
  assertNotEquals(published().slice(0, 50), published({ seed: 6 }).slice(0, 50));
});

Deno.test("a fault by itself leaves the devices that it does not strike as they were", () => {
  const sound = new Set(published({ faults: [] }).map(({ topic, payload }) => topic + payload));
  for (const fault of FAULTS) {
    const messages = published({ faults: [fault] });
    const own = messages.filter(({ label }) => label.fault !== null);
    assert(own.length > 0, fault);
    assertEquals([...new Set(own.map(({ label }) => label.fault))], [fault]);
    const topics = new Set(own.map(({ topic }) => topic));
    const others = messages.filter(({ topic }) => !topics.has(topic));
    assertEquals(others.filter(({ topic, payload }) => !sound.has(topic + payload)).slice(0, 1), [], fault);
  }
});

Deno.test("a recording holds a run word for word, with its labels", async () => {
  const path = await Deno.makeTempFile();
  try {
    const plan = planOf({ devices: 3, rate: 1, seed: 5, duration: 10_000, faults: FAULTS });
    const recorder = await Recorder.create(path, { plan, duration: 10_000, startedAt: START, rate: 1 });
    const each = plan.scripts.map(({ open }, script) => {
      const own: Planned[] = [];
      for (const message of open(START)) {
        if (message.due >= 10_000) break;
        own.push(message);
        recorder.add(message, script);
      }
      return own;
    });
    await recorder.close();
    const again = await readRecording(path);
    assertEquals([again.duration, again.startedAt, again.rate], [10_000, START, 1]);
    assertEquals({ ...again.plan, scripts: [] }, { ...plan, scripts: [] });
    assertEquals(
      again.plan.scripts.map(({ open }) => [...open(0)]),
      each.filter((own) => own.length > 0),
    );
    // A script that said nothing has no lines; the others keep who waits.
    const spoke = plan.scripts.filter((_, script) => (each[script]?.length ?? 0) > 0);
    assertEquals(again.plan.scripts.map(({ waits }) => waits), spoke.map(({ waits }) => waits));
  } finally {
    await Deno.remove(path);
  }
});
