import { assertEquals } from "@std/assert";
import type { LiveEvent, Liveness } from "../../../src/api/mod.ts";
import { LiveFeed } from "../../../src/gateway/live.ts";
import type { AlertEvent } from "../../../src/model/mod.ts";
import type { Device } from "../../../src/pipeline/mod.ts";
import { noCounts } from "../../../src/pipeline/state.ts";
import { sampleAlert } from "../api/fake_gateway.ts";

/** A feed over devices and alerts of the test's own. */
function rig() {
  const devices: Device[] = [];
  const liveness = new Map<string, Liveness>();
  let most = 0;
  const feed = new LiveFeed({
    devices: () => devices,
    liveness: ({ id }) => liveness.get(id) ?? "unknown",
    alerts(events) {
      most = Math.max(most, events.length);
      return events.map(({ alert }) => sampleAlert({ id: alert }));
    },
  });
  const told: LiveEvent[] = [];
  feed.subscribe((event) => told.push(event));
  const seen = (id: string, as: Liveness): void => {
    liveness.set(id, as);
    if (devices.some((device) => device.id === id)) return;
    devices.push({
      ...{ index: devices.length, id, errors: new Map(), firstSeen: 1_000, lastSeen: 2_000, dead: false },
      ...{ skew: null, interval: null, expectEvery: null, tokens: 1, tokensAt: 0 },
      counts: noCounts(),
    });
  };
  const news = (): string[] =>
    told.splice(0).map((event) => {
      if (event.kind === "device") return `${event.data.id} ${event.data.liveness}`;
      return event.kind === "alert" ? `alert ${event.data.id}` : event.kind;
    });
  return { feed, seen, news, most: () => most };
}

const firing = (alert: string): AlertEvent => ({
  ...{ transition: "firing", alert, rule: "hot", severity: "warning", device: "d", tags: [], field: "t" },
  ...{
    value: 1,
    unit: null,
    limit: "0",
    at: 0,
    firedAt: 0,
    receivedAt: 0,
    notify: [],
    summary: "",
    reason: null,
  },
});

Deno.test("a change of liveness is told once, what is so at the start is no change", () => {
  const { feed, seen, news } = rig();
  seen("a", "online");
  feed.look();
  assertEquals(news(), []);
  seen("a", "late");
  seen("b", "online");
  feed.look();
  feed.look();
  assertEquals(news(), ["a late", "b online"]);
});

Deno.test("alerts are told at the next look, in their order", () => {
  const { feed, news } = rig();
  feed.alert(firing("x"));
  feed.alert(firing("y"));
  assertEquals(news(), []);
  feed.look();
  assertEquals(news(), ["alert x", "alert y"]);
});

Deno.test("a storm is told as one word: ask anew", () => {
  const { feed, seen, news, most } = rig();
  for (let index = 0; index < 500; index++) seen(`d${index}`, "online");
  feed.look();
  for (let index = 0; index < 500; index++) seen(`d${index}`, "offline");
  feed.look();
  const told = news();
  assertEquals([told.length, told.at(-1)], [201, "reset"]);
  for (let index = 0; index < 10_000; index++) feed.alert(firing(`${index}`));
  feed.look();
  assertEquals(news().at(-1), "reset");
  assertEquals(most(), 200, "what is not told is not kept, nor made ready");
  feed.look();
  seen("d1", "online");
  feed.look();
  assertEquals(news(), ["d1 online"], "afterwards it is told one by one again");
});
