import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Api } from "../../../src/api/mod.ts";
import { emptyLedger } from "../../../src/model/mod.ts";
import {
  api,
  fakeViews,
  get,
  localApi,
  sampleAlert,
  sampleDevice,
  sampleLedger,
  sampleNotifier,
  sampleStatus,
  TOKENS,
} from "../api/fake_gateway.ts";

async function page(on: Api, token?: string): Promise<string> {
  const answer = await get(on, "/", token);
  assertEquals(answer.status, 200);
  assertMatch(answer.headers.get("content-type") ?? "", /^text\/html; charset=utf-8$/i);
  return await answer.text();
}

/** What a reader sees: no tags, no data for the script, single spaces. */
function words(html: string): string {
  return html.replaceAll(/<script[^]*?<\/script>/g, "").replaceAll(/<[^>]*>/g, " ").replaceAll("&quot;", '"')
    .replaceAll(/\s+/g, " ");
}

Deno.test("the page tells the ledger as a sentence and as a sum that adds up", async () => {
  const text = words(await page(localApi()));
  assertStringIncludes(text, "Every reading since 30 June 06:12 UTC is accounted for.");
  assertStringIncludes(
    text,
    "1,204,331 readings received = 1,178,276 delivered + 23,990 waiting + 1,944 in open windows " +
      "+ 121 refused, with reasons + 0 evicted balanced, checked 14:12:30",
  );
});

Deno.test("the page names the channels that fail, and says nothing of those that do not", async () => {
  const text = words(await page(localApi()));
  assertStringIncludes(
    text,
    "People are not told ops (webhook): 3 waiting, 1 lost " +
      'The webhook at "https://hooks.example.org" answered 503, 30 s ago',
  );
  assert(!text.includes("log (log)"));
  const well = words(
    await page(localApi({ notifiers: { notifiers: () => [sampleNotifier({}, null)] } })),
  );
  assert(!well.includes("People are not told"));
});

Deno.test("the page shows the river, the alerts, the devices and the quarantine in words", async () => {
  const text = words(await page(localApi()));
  for (
    const part of [
      "plant-1 14:12:30 UTC up 41 d 6 h MQTT broker.plant.local, just now",
      "InfluxDB away for 10 min",
      "2 of 4 online 1 late, 1 offline",
      "2,431 msg/s acknowledged after fsync, 1.2 ms median, 4 ms p99",
      "quarantined 27 , duplicates 40 , corrupt 0",
      "1,944 open",
      "12 readings become 1 point",
      "2,124 points wait",
      "38 MiB of 1 GiB, oldest 14:02; room for 5 d 3 h at this rate, then the oldest are dropped",
      "away since 14:02 connection refused; next try 14:12",
      "kiln-3 is 84.2 °C (limit 80) critical rule too-hot on kiln-3, firing for 4 min",
      "truck-5 is silent rule silent on truck-5, reported again at 13:00",
      "temperature 21.4 °C door yes (uncertain)",
      'The value is out of range (temperature): found "-300"; allowed is -40 … 125',
      "offline, 38 min",
      "everyone on this machine may look and operate, nobody else gets in",
    ]
  ) assertStringIncludes(text, part);
  assert(text.indexOf("gate-11") < text.indexOf("kiln-3 thermo"), "those that need attention come first");
});

Deno.test("a ledger that does not balance is the headline and the title", async () => {
  const counts = sampleLedger();
  counts.readings.delivered -= 3;
  counts.points.produced += 1;
  const html = await page(
    localApi({ ledger: { ledger: () => ({ counts, since: "2026-07-01T06:12:00Z", rebased: [] }) } }),
  );
  assertStringIncludes(
    words(html),
    "The accounts since 06:12 UTC do not balance: 3 readings and 1 point off.",
  );
  assertStringIncludes(html, "<title>not balanced: Sluice, plant-1</title>");
});

Deno.test("what sampling left out is told where it left anything out", async () => {
  assertEquals(words(await page(localApi())).includes("sampling"), false);
  const counts = sampleLedger();
  counts.messages.received += 9_000;
  counts.messages.sampled = 9_000;
  const ledger = { ledger: () => ({ counts, since: "2026-07-01T06:12:00Z", rebased: [] }) };
  const text = words(await page(localApi({ ledger })));
  assertStringIncludes(text, "corrupt 0 , left out by sampling 9,000");
  assertStringIncludes(text, "is accounted for");
});

Deno.test("an empty gateway says what it waits for", async () => {
  const none = { items: [], next_cursor: null };
  const text = words(
    await page(localApi({
      ledger: { ledger: () => ({ counts: emptyLedger(), since: "2026-07-01T14:00:00Z", rebased: [] }) },
      status: {
        status: () =>
          sampleStatus({
            destinations: [],
            devices: { known: 0, online: 0, late: 0, offline: 0 },
            alerts_firing: 0,
            quarantine: { entries: 0, bytes: 0 },
          }),
      },
      devices: { devices: () => none, device: () => undefined },
      alerts: { alerts: () => none },
      quarantine: {
        ...fakeViews().quarantine,
        groups: () => Promise.resolve({ items: [], scanned: 0, complete: true }),
        entries: () => Promise.resolve({ items: [], next: null }),
        entry: () => Promise.resolve(undefined),
      },
    })),
  );
  for (
    const part of [
      "Nothing has been received since 14:00 UTC.",
      "No device has reported yet. The gateway listens at mqtt://127.0.0.1:1883 Point a device",
      "mosquitto_pub -h 127.0.0.1",
      "Nothing needs attention.",
      "Nothing was refused.",
      "The configuration names no database: readings are kept in the local history only",
    ]
  ) assertStringIncludes(text, part);
});

Deno.test("what endangers readings stands in the head of the page", async () => {
  const text = words(
    await page(localApi({
      status: {
        status: () =>
          sampleStatus({
            state: "replaying",
            clock_plausible: false,
            durability: { mode: "interval", every_seconds: 1 },
            readiness: { ready: false, reasons: [{ reason: "disk_full", detail: "The disk is full" }] },
            mqtt: { ...sampleStatus().mqtt, state: "disconnected", detail: "connection refused" },
          }),
      },
    })),
  );
  for (
    const part of [
      "replaying MQTT disconnected for 8 h 12 min",
      "The disk is full The clock of this machine cannot be believed A power cut can cost",
      "disconnected since 06:00 connection refused; acknowledged before the disk, at most 1 s behind",
    ]
  ) assertStringIncludes(text, part);
});

Deno.test("a name that holds markup is text", async () => {
  const evil = '<img src=x onerror=alert(1)>"&';
  const html = await page(localApi({
    devices: {
      devices: ({ liveness }) => ({
        items: liveness === "online"
          ? [sampleDevice(evil, { values: [{ ...first(), value: evil, unit: evil }] })]
          : [],
        next_cursor: null,
      }),
      device: () => undefined,
    },
    alerts: { alerts: () => ({ items: [sampleAlert({ summary: evil, rule: evil })], next_cursor: null }) },
    status: { status: () => sampleStatus({ gateway_id: evil }) },
  }));
  assert(!html.includes("<img"), "markup of a device reached the page");
  assertStringIncludes(html, "&lt;img src=x onerror=alert(1)&gt;");
});

function first(): ReturnType<typeof sampleDevice>["values"][number] {
  const value = sampleDevice("x").values[0];
  if (value === undefined) throw new Error("the sample has no value");
  return value;
}

Deno.test("the page loads its own files alone, and its policy forbids all else", async () => {
  const answer = await get(localApi(), "/");
  const html = await answer.text();
  assertEquals(
    answer.headers.get("content-security-policy"),
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  assert(!/<script>|<style|javascript:|\son\w+=|\sstyle=/i.test(html), "something inline");
  const loaded = [...html.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"/g)].map((match) =>
    match[1] ?? ""
  );
  for (const url of loaded) {
    assertMatch(url, /^(data:image\/svg\+xml|\/assets\/(app|theme|style)\.[0-9a-f]{12}\.(js|css)$)/);
  }
  assertEquals(loaded.length, 4);
});

Deno.test("with tokens the page says nothing of a machine without tokens", async () => {
  const text = words(await page(api(), TOKENS.viewer));
  assert(!text.includes("No tokens are configured"));
});

Deno.test("a hundred devices are shown and the others counted", async () => {
  const many = Array.from({ length: 150 }, (_, index) => sampleDevice(`device-${index}`));
  const views = fakeViews();
  const text = words(
    await page(localApi({
      devices: {
        ...views.devices,
        devices: ({ limit, liveness }) => ({
          items: liveness === "online" ? many.slice(0, limit) : [],
          next_cursor: null,
        }),
      },
      status: { status: () => sampleStatus({ devices: { known: 150, online: 150, late: 0, offline: 0 } }) },
    })),
  );
  assertStringIncludes(text, "device-99 ");
  assert(!text.includes("device-100 "));
  assertStringIncludes(text, "and 50 more devices");
});
