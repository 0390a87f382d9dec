import { Buffer } from "node:buffer";
import { createServer, type Server } from "node:net";
import { gzipSync } from "node:zlib";
import { Aedes } from "aedes";
import { parse } from "yaml";
import type { Quarantined, SimGateway } from "../../../devices/sim.ts";
import { emptyLedger, type Ledger, type Value } from "../../../src/model/mod.ts";
import { siteRules } from "./rules.ts";

interface Window {
  readonly values: number[];
  readonly aggregates: readonly string[];
  readonly every: number;
  readonly series: string;
  readonly name: string;
  readonly int: boolean;
  readonly start: number;
  touched: number;
}

/** What a plain gateway does wrong. */
export type Fault = "nothing" | "loses a point" | "bends a value" | "counts wrong";

/**
 * The least that can be called a gateway, for tests of the simulator: no disk, no late readings, one line a value,
 * windows written once idle.
 */
export class PlainGateway implements SimGateway {
  readonly address = "http://127.0.0.1:1/";
  readonly rules: ReturnType<typeof siteRules>;
  readonly #ledger: Ledger = emptyLedger();
  readonly #windows = new Map<string, Window>();
  readonly #changes = new Map<string, readonly [Value, number]>();
  readonly #outbox: { line: string; readings: number; since: number }[] = [];
  readonly #fault: Fault;
  readonly #port: number;
  readonly #influx: { url: string; org: string; bucket: string; token: string };
  #broker: Aedes | undefined;
  #server: Server | undefined;
  #bent = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #sending: Promise<void> | undefined;

  constructor(configText: string, token: string, fault: Fault) {
    const config = parse(configText);
    this.#fault = fault;
    this.#port = Number(new URL(config.mqtt.url).port);
    this.#influx = { ...config.influxdb, token };
    this.rules = siteRules(config.subscriptions[0].tags.sim_run);
  }

  async start(): Promise<void> {
    const broker = await Aedes.createBroker();
    this.#broker = broker;
    broker.authorizePublish = (_client, packet, done) => {
      this.#take(packet.topic, packet.payload.toString());
      done(null);
    };
    const server = createServer({ noDelay: true }, broker.handle);
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#timer = setInterval(() => {
      this.#emitIdle();
      this.#sending ??= this.#send().finally(() => this.#sending = undefined);
    }, 50);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sending;
    await new Promise<void>((resolve) => this.#broker?.close(() => resolve()));
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()));
  }

  ledger(): Ledger & { balanced: boolean } {
    return { ...structuredClone(this.#ledger), balanced: true };
  }

  device(): undefined {
    return undefined;
  }

  async *quarantine(): AsyncGenerator<Quarantined> {}

  backlog(): { points: number; bytes: number; oldestMs: number | null } {
    const oldest = this.#outbox[0];
    return {
      points: this.#outbox.length,
      bytes: this.#outbox.reduce((sum, { line }) => sum + line.length, 0),
      oldestMs: oldest === undefined ? null : performance.now() - oldest.since,
    };
  }

  #take(topic: string, payload: string): void {
    const { messages, readings } = this.#ledger;
    const [, site, kind, device] = topic.split("/");
    const rule = this.rules.subscriptions.find((one) => one.topic.split("/")[2] === kind);
    const profile = this.rules.profiles[rule?.profile ?? ""];
    if (rule === undefined || profile === undefined) return;
    messages.received++;
    messages.processed++;
    const decoded = JSON.parse(payload);
    const series = `${profile.measurement},device=${device},sim_run=${rule.tags.sim_run},site=${site}`;
    const ms = decoded.ts ?? Math.round(decoded.time * 1_000);
    for (const { name, path, scale, type, downsample } of profile.fields) {
      // deno-lint-ignore no-explicit-any -- a payload
      const raw = path.reduce((at: any, step) => at?.[step], decoded);
      if (raw === undefined) continue;
      const value = scale === 1 ? raw : raw * scale;
      readings.decoded++;
      if (downsample.kind === "none") this.#emit(series, name, value, ms, 1);
      if (downsample.kind === "change") {
        const last = this.#changes.get(series + name);
        if (last?.[0] === value && ms - (last?.[1] ?? 0) < (downsample.heartbeat ?? Infinity)) {
          readings.unchanged++;
          continue;
        }
        this.#changes.set(series + name, [value, ms]);
        this.#emit(series, name, value, ms, 1);
      }
      if (downsample.kind !== "window") continue;
      const { every, aggregates } = downsample;
      const start = ms - ms % every;
      const key = `${series} ${name} ${start}`;
      const int = type === "int";
      const window: Window = this.#windows.get(key) ??
        { values: [], aggregates, every, series, name, int, start, touched: 0 };
      this.#windows.set(key, window);
      window.values.push(value);
      window.touched = Date.now();
      readings.open++;
    }
  }

  #emitIdle(): void {
    for (const [key, window] of this.#windows) {
      const now = Date.now();
      if (now - window.touched < 300 || now < window.start + window.every) continue;
      this.#windows.delete(key);
      this.#ledger.readings.open -= window.values.length;
      const numbers = window.values;
      let readings = numbers.length;
      for (const aggregate of window.aggregates) {
        const name = window.aggregates.length === 1 ? window.name : `${window.name}_${aggregate}`;
        this.#emit(window.series, name, aggregated(aggregate, numbers), window.start, readings, window.int);
        readings = 0;
      }
    }
  }

  #emit(series: string, name: string, value: Value, ms: number, readings: number, int = false): void {
    const { points, readings: counts } = this.#ledger;
    const nth = points.produced++;
    if (this.#fault === "loses a point" && nth === 20) {
      points.delivered++;
      counts.delivered += readings;
      return;
    }
    let text = typeof value === "string" ? `"${value.replace(/["\\]/g, "\\$&")}"` : String(value);
    if (this.#fault === "bends a value" && nth >= 20 && !this.#bent && typeof value === "number") {
      this.#bent = true;
      text = String(value + 1);
    }
    points.waiting++;
    counts.waiting += readings;
    const line = `${series} ${name}=${text}${int || name.endsWith("_count") ? "i" : ""} ${ms}000000`;
    this.#outbox.push({ line, readings, since: performance.now() });
  }

  async #send(): Promise<void> {
    const batch = this.#outbox.slice(0, 2_000);
    if (batch.length === 0) return;
    const { url, org, bucket, token } = this.#influx;
    try {
      const response = await fetch(`${url}/api/v2/write?org=${org}&bucket=${bucket}&precision=ns`, {
        method: "POST",
        headers: { authorization: `Token ${token}`, "content-encoding": "gzip" },
        body: gzipSync(Buffer.from(batch.map(({ line }) => line).join("\n"))),
      });
      const text = await response.text();
      if (response.status !== 204) throw new Error(text);
    } catch {
      return;
    }
    this.#outbox.splice(0, batch.length);
    const { points, readings } = this.#ledger;
    points.waiting -= batch.length;
    points.delivered += batch.length;
    for (const sent of batch) {
      readings.waiting -= sent.readings;
      readings.delivered += sent.readings;
    }
    if (this.#fault === "counts wrong" && readings.unchanged > 0) readings.unchanged++;
  }
}

function aggregated(aggregate: string, values: readonly number[]): number {
  switch (aggregate) {
    case "mean":
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "count":
      return values.length;
    default:
      return values.at(-1) ?? NaN;
  }
}
