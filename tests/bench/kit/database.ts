import { ChildProcess } from "../../support/child_process.ts";
import type { Section } from "../../support/gateway_process.ts";
import { startInfluxd } from "../../support/influxd.ts";
import { startVictoria } from "../../support/victoria.ts";

/** Where and as whom a client of InfluxDB's version 2 API writes. */
export interface WriteTarget {
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string;
}

/** A database in a process of its own. */
export interface BenchDatabase extends AsyncDisposable {
  readonly name: string;
  /** The `influxdb` section of the configuration. */
  readonly section: Section;
  /** The same for other clients; InfluxDB 1.x knows that API too. */
  readonly target: WriteTarget;
  /** Field values that were written to it so far; absent where it does not tell. */
  readonly values?: () => Promise<number>;
}

/** Any token does: none of the databases asks for one, and the simulator's for this. */
const ANYBODY = { org: "bench", bucket: "bench", token: "unused" };

/** VictoriaMetrics, else InfluxDB 1.x, else the simulator's receiver: whatever is installed. */
export async function openDatabase(): Promise<BenchDatabase> {
  const victoria = await startVictoria();
  if (victoria !== undefined) {
    const target = { url: victoria.url, ...ANYBODY };
    return {
      name: "VictoriaMetrics",
      section: { version: 2, ...target },
      target,
      values: () => victoriaValues(victoria.url),
      [Symbol.asyncDispose]: () => victoria.remove(),
    };
  }
  const influxd = await startInfluxd();
  if (influxd !== undefined) {
    return {
      name: "InfluxDB 1.x",
      section: { url: influxd.url, version: 1, database: "telemetry" },
      target: { url: influxd.url, ...ANYBODY, org: "", bucket: "telemetry/autogen" },
      [Symbol.asyncDispose]: () => influxd.remove(),
    };
  }
  const receiver = new ChildProcess(new URL("./receiver_process.ts", import.meta.url), null);
  const target = { url: await receiver.line(), ...ANYBODY };
  return {
    name: "the simulator's receiver",
    section: { version: 2, ...target },
    target,
    [Symbol.asyncDispose]: () => receiver.end(),
  };
}

/** What came as line protocol, a sample a field. */
async function victoriaValues(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = /^vm_rows_inserted_total\{type="influx"\} (\d+)$/m.exec(text)?.[1];
  if (found === undefined) throw new Error("VictoriaMetrics does not tell how many rows were inserted");
  return Number(found);
}
