import { assertEquals, assertStrictEquals } from "@std/assert";
import type { Status } from "../../../src/api/mod.ts";
import { newer } from "../../../src/ui/client/api.ts";
import { withReadings } from "../../../src/ui/client/fresh_values.ts";
import { MOST_VALUES, NO_HISTORY, withStatus } from "../../../src/ui/data/river_history.ts";
import { sampleDevice, sampleLedger, sampleStatus } from "../api/fake_gateway.ts";

const NOW = "2026-07-01T14:12:31.000Z";
const AT = "2026-07-01T14:12:30.500Z";

function status(rate: number): Status {
  const base = sampleStatus();
  const mqtt = { ...base.mqtt, messages_per_second: rate };
  return { ...base, mqtt, ledger: { ...sampleLedger(), balanced: true, since: AT, rebased: [] } };
}

Deno.test("a reading that goes by is the newest value of its series and of no other; an older one is not", () => {
  const devices = [sampleDevice("kiln-3"), sampleDevice("kiln-4")];
  const reading = { device: "kiln-3", field: "temperature", tags: { site: "a" }, unit: "degC", time: AT };
  const [kiln, other] = withReadings(devices, [
    { ...reading, value: 30 },
    { ...reading, tags: { site: "b" }, value: 99 },
    { ...reading, field: "door", value: false, time: "2026-07-01T14:12:00.000Z" },
    { ...reading, device: "unheard-of", value: 1 },
  ], NOW);
  assertEquals(kiln?.values.map(({ value }) => value), [30, true]);
  assertEquals(kiln?.last_seen_at, NOW);
  assertStrictEquals(other, devices[1], "who said nothing is as it was");
});

Deno.test("the river's lines keep the last minutes, and a database that appears begins its own", () => {
  let history = NO_HISTORY;
  for (let second = 1; second <= MOST_VALUES + 5; second++) history = withStatus(history, status(second));
  assertEquals(history.inbox.length, MOST_VALUES);
  assertEquals([history.inbox[0], history.inbox.at(-1)], [6, MOST_VALUES + 5]);
  assertEquals(history.destinations["InfluxDB"]?.length, MOST_VALUES);
  const more = withStatus(history, {
    ...status(1),
    destinations: sampleStatus().destinations.map((each) => ({
      ...each,
      name: "second",
      points_per_second: 3,
    })),
  });
  assertEquals(more.destinations, { second: [3] });
});

Deno.test("without a connection what was known stays; what the gateway says counts, also a refusal", () => {
  const known = { ok: true, value: 1 } as const;
  const lost = { ok: false, status: 0, detail: "the gateway is out of reach" } as const;
  const refused = { ok: false, status: 403, detail: "no" } as const;
  assertEquals(newer(lost, known), known);
  assertEquals(newer(lost, refused), lost);
  assertEquals(newer(refused, known), refused);
  assertEquals(newer({ ok: true, value: 2 }, known), { ok: true, value: 2 });
});
