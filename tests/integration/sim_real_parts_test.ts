import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startInfluxd } from "../support/influxd.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { KEEPING } from "../support/river_site.ts";
import { simProcess, type SimRun } from "../support/sim_process.ts";

const OPTIONS = ["--devices", "20", "--rate", "2", "--seconds", "16", "--faults", "all", "--seed", "11"];

function assertVerdict({ code, stdout, stderr }: SimRun, words: string): void {
  assertStringIncludes(stdout, words, stderr);
  assertEquals([code, stderr], [0, ""], stdout);
}

Deno.test("with mosquitto and InfluxDB every fault becomes what it must, and a replay leaves the same points", async () => {
  const broker = await startMosquitto(KEEPING);
  const database = await startInfluxd();
  const folder = await Deno.makeTempDir({ prefix: "sluice_sim_real_" });
  try {
    if (broker === undefined || database === undefined) return;
    const parts = ["--broker", broker.url(), "--influx", `${database.url}?db=telemetry`, "--outage", "4s"];
    const words = "VERDICT: every reading accounted for, every fault became what it must";
    const real = await simProcess(folder, "real", [...OPTIONS, ...parts]);
    assertVerdict(real, words);
    assertStringIncludes(real.stdout, "0 missing, 0 spurious, 0 differing");
    assert(real.points.length > 100);

    const replay = ["--replay", real.recording];
    const [again, embedded] = await Promise.all([
      simProcess(folder, "again", [...replay, ...parts]),
      simProcess(folder, "embedded", replay),
    ]);
    for (const run of [again, embedded]) {
      assertVerdict(run, words);
      assertEquals(run.points, real.points);
    }
  } finally {
    await broker?.remove();
    await database?.remove();
    await Deno.remove(folder, { recursive: true });
  }
});
