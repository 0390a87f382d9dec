import { ChildProcess } from "../../support/child_process.ts";
import type { Section } from "../../support/gateway_process.ts";
import { startInfluxd } from "../../support/influxd.ts";
import { startVictoria } from "../../support/victoria.ts";

/** A database in a process of its own. */
export interface BenchDatabase extends AsyncDisposable {
  readonly name: string;
  /** The `influxdb` section of the configuration. */
  readonly section: Section;
}

/** VictoriaMetrics, else InfluxDB 1.x, else the simulator's receiver: whatever is installed. */
export async function openDatabase(): Promise<BenchDatabase> {
  const victoria = await startVictoria();
  if (victoria !== undefined) {
    return {
      name: "VictoriaMetrics",
      section: { url: victoria.url, version: 2, org: "bench", bucket: "bench", token: "unused" },
      [Symbol.asyncDispose]: () => victoria.remove(),
    };
  }
  const influxd = await startInfluxd();
  if (influxd !== undefined) {
    return {
      name: "InfluxDB 1.x",
      section: { url: influxd.url, version: 1, database: "telemetry" },
      [Symbol.asyncDispose]: () => influxd.remove(),
    };
  }
  const receiver = new ChildProcess(new URL("./receiver_process.ts", import.meta.url), null);
  return {
    name: "the simulator's receiver",
    section: { url: await receiver.line(), version: 2, org: "bench", bucket: "bench", token: "unused" },
    [Symbol.asyncDispose]: () => receiver.end(),
  };
}
