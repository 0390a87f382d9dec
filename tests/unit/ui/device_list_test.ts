import { assertEquals } from "@std/assert";
import { filterDevices, sortDevices } from "../../../src/ui/parts/device_list.ts";
import { sampleDevice } from "../api/fake_gateway.ts";

const DEVICES = [
  sampleDevice("kiln-3", { messages_per_second: 1 }),
  sampleDevice("gate-11", { liveness: "late", sequence_gaps: 7 }),
  sampleDevice("Kiln-4", { liveness: "offline", errors: { range: 4, type: 1 } }),
  sampleDevice("tank-7", { liveness: "unknown", profiles: ["tank-level"], values: [] }),
];

function ids(devices: readonly { id: string }[]): string[] {
  return devices.map(({ id }) => id);
}

Deno.test("a filter matches parts of ids, profiles and fields, a liveness, and comparisons; each word must", () => {
  const cases = [
    ["", ["kiln-3", "gate-11", "Kiln-4", "tank-7"]],
    ["KILN", ["kiln-3", "Kiln-4"]],
    ["late", ["gate-11"]],
    ["tank-level", ["tank-7"]],
    ["temperature", ["kiln-3", "gate-11", "Kiln-4"]],
    ["temperature>21", ["kiln-3", "gate-11", "Kiln-4"]],
    ["temperature>21.4", []],
    ["temp<22, offline", ["Kiln-4"]],
    ["temperature=21.4 kiln-3", ["kiln-3"]],
    ["door>0", []],
    ["nothing", []],
  ] as const;
  for (const [text, expected] of cases) assertEquals(ids(filterDevices(DEVICES, text)), [...expected], text);
});

Deno.test("devices are ordered by what needs attention, and by each column both ways; equal ones by id", () => {
  assertEquals(ids(sortDevices(DEVICES, "attention", false)), ["gate-11", "Kiln-4", "kiln-3", "tank-7"]);
  assertEquals(ids(sortDevices(DEVICES, "id", true)), ["tank-7", "Kiln-4", "kiln-3", "gate-11"]);
  assertEquals(ids(sortDevices([sampleDevice("kiln-10"), sampleDevice("kiln-2")], "id", false)), [
    "kiln-2",
    "kiln-10",
  ]);
  assertEquals(ids(sortDevices(DEVICES, "rate", false))[0], "kiln-3");
  assertEquals(ids(sortDevices(DEVICES, "gaps", true))[0], "gate-11");
  assertEquals(ids(sortDevices(DEVICES, "refused", true)), ["Kiln-4", "gate-11", "kiln-3", "tank-7"]);
});
