import { assert, assertEquals } from "@std/assert";
import {
  compare,
  Device,
  expectedPoints,
  parseLines,
  type Published,
} from "../../../devices/simulator/mod.ts";
import { LineStore } from "../../../devices/simulator/line_store.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { InboxContent, Point, Rules } from "../../../src/model/mod.ts";
import { River, riverLedger } from "../../../src/pipeline/mod.ts";
import { loadSite, OWN } from "./load_site.ts";

const START = 1_764_000_004_321;

interface Due extends Published {
  readonly elapsed: number;
}

/** What a site's devices say within a time, as one stream in the order of publishing. */
function published(devices: number, rate: number, duration: number): Due[] {
  const messages = Array.from({ length: devices }, (_, index) => new Device(42, index, rate)).flatMap(
    (device) => {
      const own: Due[] = [];
      while (device.due < duration) {
        const message = device.take();
        own.push({ elapsed: message.elapsed, topic: device.topic, payload: device.payload(message, START) });
      }
      return own;
    },
  );
  return messages.sort((a, b) => a.elapsed - b.elapsed);
}

/** The gateway's own river over the same messages, without disk or network, until every window is written. */
function flow(rules: Rules, messages: readonly Due[]): { river: River; points: Point[]; refused: number } {
  const river = new River(rules);
  const points: Point[] = [];
  let refused = 0;
  let position = 0;
  const output = {
    point: (point: Point) => void points.push(point),
    refused: () => void refused++,
    alert: () => {},
  };
  const step = (elapsed: number, content: InboxContent): void => {
    const stamp = { receivedAt: START + elapsed, elapsed, implausible: false };
    river.step({ position: ++position, stamp, content }, output);
  };
  const encoder = new TextEncoder();
  for (const { elapsed, topic, payload } of messages) {
    const message = { topic, payload: encoder.encode(payload), connection: 1, packetId: 0 };
    step(elapsed, {
      kind: "message",
      message: { ...message, dup: false, retain: false, userProperties: [] },
    });
  }
  step((messages.at(-1)?.elapsed ?? 0) + 3_600_000, { kind: "tick" });
  return { river, points, refused };
}

Deno.test("the gateway's river and the oracle come to the same points and the same counts, independently", async () => {
  const { rules } = await loadSite(OWN);
  const messages = published(12, 4, 400_000);
  const { river, points, refused } = flow(rules, messages);
  const store = new LineStore();
  assertEquals(store.write(parseLines(points.map(encodeLine).join("\n")), 1n), undefined);
  const expectation = expectedPoints(messages, rules);
  assertEquals(compare(expectation.points, store.points), []);
  assert(expectation.points.points > 500);

  const { messages: counts, readings } = riverLedger(river);
  assertEquals([counts.processed, refused], [messages.length, 0]);
  assertEquals([readings.decoded, readings.unchanged, readings.open], [
    expectation.readings,
    expectation.unchanged,
    0,
  ]);
});

Deno.test("a single reading that is taken away is noticed", async () => {
  const { rules } = await loadSite(OWN);
  const messages = published(2, 4, 60_000);
  const expectation = expectedPoints(messages, rules);
  const store = new LineStore();
  const { points } = flow(rules, messages.toSpliced(100, 1));
  store.write(parseLines(points.map(encodeLine).join("\n")), 1n);
  assert(compare(expectation.points, store.points).length > 0);
});
