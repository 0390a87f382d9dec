import { assertEquals } from "@std/assert";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher } from "../support/publisher.ts";
import { PACE } from "../support/river_site.ts";
import { seriousViolations, type Watched } from "../support/browser.ts";

/** Generous: a browser on a busy machine. */
export const PATIENCE = { timeout: 60_000 } as const;

const KILN = `profile: kiln
expect_every: 60s
downsample: none
fields:
  temperature: { type: float, unit: degC, range: [-40, 1500] }
`;

/** A gateway with a broker inside, a database whose answers the test decides, and devices. */
export interface Plant extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  /** The database. */
  readonly database: HttpReceiver;
  /** Address of its broker. */
  readonly broker: string;
  /** A device says how hot it is. */
  report(device: string, temperature: number | string): Promise<void>;
}

/** Starts a plant with one rule: hotter than 80 °C is critical, below 75 it is over. */
export async function plant(change: Section = {}): Promise<Plant> {
  await using stack = new AsyncDisposableStack();
  const port = freePort();
  const database = new HttpReceiver();
  stack.defer(() => database.close());
  const gateway = stack.use(
    await GatewayProcess.start({
      profiles: { kiln: KILN },
      config: {
        mqtt: { url: `embedded://127.0.0.1:${port}` },
        influxdb: { url: database.url, version: 1, database: "telemetry", ...PACE },
        subscriptions: [{ topic: "site/{device}/kiln", profile: "kiln", format: "json" }],
        buffer: { max_bytes: "64MiB" },
        alerts: [{ name: "hot", field: "temperature", above: 80, clear: 75, severity: "critical" }],
        ...change,
      },
    }),
  );
  const broker = `mqtt://127.0.0.1:${port}`;
  const devices = await connectPublisher(broker, { protocol: 4 });
  stack.defer(() => devices.close());
  const kept = stack.move();
  return {
    gateway,
    database,
    broker,
    report: (device, temperature) => devices.publish(`site/${device}/kiln`, JSON.stringify({ temperature })),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What every page promises: no error, nothing from elsewhere, nothing that axe calls serious. */
export async function assertSound(watched: Watched, at = ""): Promise<void> {
  assertEquals(watched.errors, [], at);
  assertEquals(watched.foreign, [], at);
  assertEquals(await seriousViolations(watched.page), [], at);
}
