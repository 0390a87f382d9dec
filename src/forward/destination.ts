import { InfluxDB, Point } from "@influxdata/influxdb-client";
import type { Clock } from "../clock.ts";
import { nanoseconds } from "../model/mod.ts";
import { Authoriser, type Credentials } from "./authorisation.ts";
import { classify } from "./classify.ts";
import { compress } from "./gzip.ts";
import { InfluxTransport } from "./influx_transport.ts";
import { type ProbeResult, probeServer } from "./probe.ts";
import type { Answer, Transport } from "./transport.ts";
import type { DestinationNames, Trouble, Verdict } from "./verdict.ts";

/** A time-series database that takes gzip'd line protocol over HTTP. */
export interface InfluxConfig {
  /** Address, e.g. `http://127.0.0.1:8086`; a user name and password in it are used for `Basic` authorisation. */
  readonly url: string;
  /** Time for each request, ms. */
  readonly timeout: number;
  /** How the gateway proves who it is. */
  readonly credentials: Credentials;
  /** Where the lines go: v2 (InfluxDB 2.x, 3's compatibility endpoint, VictoriaMetrics) or v1. */
  readonly target:
    | { readonly version: 2; readonly org: string; readonly bucket: string }
    | { readonly version: 1; readonly database: string; readonly retentionPolicy: string | null };
}

/** Figures about the gateway itself. */
export interface GatewayFigures {
  /** Measurement, e.g. `sluice`. */
  readonly measurement: string;
  /** Tags, e.g. the gateway's id; empty values are left out. */
  readonly tags: Readonly<Record<string, string>>;
  /** Finite numbers, written as floats; at least one. */
  readonly fields: Readonly<Record<string, number>>;
}

/** What the forwarder needs of a database. */
export interface Destination {
  /** What people know it by. */
  readonly names: DestinationNames;
  /**
   * Sends one request of gzip'd lines; never rejects, no text in the verdict holds a secret.
   *
   * @param signal gives the request up
   */
  write(body: Uint8Array, signal?: AbortSignal): Promise<Verdict>;
  /**
   * Whether the server keeps line breaks within strings; `undefined` before its first answer. Only a server that
   * says it is InfluxDB does: VictoriaMetrics would take the rest of such a string for a line of its own.
   */
  readonly keepsLineBreaks: boolean | undefined;
  /**
   * Asks the server who it is, so that `keepsLineBreaks` is known.
   *
   * @returns `keepsLineBreaks`, or why it is not known
   */
  identify(signal?: AbortSignal): Promise<boolean | Trouble>;
  /** The token is read again before the next request. */
  forgetToken(): void;
  /** Tries whether the server is there and would take lines, without writing one. */
  probe(): Promise<ProbeResult>;
  /** Writes figures about the gateway itself, stamped now: once, beside the outbox and the ledger. */
  report(figures: GatewayFigures): Promise<Verdict>;
  /** Closes connections. */
  close(): void;
}

/** Builds the requests of an InfluxDB-compatible database. */
export function influxDestination(config: InfluxConfig, transport: Transport, clock: Clock): Destination {
  const { base, authoriser } = accessTo(config);
  const { target, timeout } = config;
  const query = target.version === 2 ? { org: target.org, bucket: target.bucket, precision: "ns" } : {
    db: target.database,
    ...(target.retentionPolicy === null ? {} : { rp: target.retentionPolicy }),
    precision: "ns",
  };
  const path = `${target.version === 2 ? "/api/v2/write" : "/write"}?${new URLSearchParams(query)}`;
  const place = target.version === 2 ? `bucket "${target.bucket}"` : `database "${target.database}"`;
  const names: DestinationNames = { address: base, place };
  let keepsLineBreaks: boolean | undefined;

  /** InfluxDB 1.x, 2.x, 3 and Cloud name their build in every answer; a proxy's error page says nothing. */
  function recognise(answer: Answer): void {
    if (answer.kind !== "answer") return;
    if (answer.headers["x-influxdb-build"] !== undefined) keepsLineBreaks = true;
    else if (answer.status >= 200 && answer.status < 300) keepsLineBreaks = false;
  }

  async function headers(): Promise<Record<string, string>> {
    const authorisation = await authoriser.header();
    if (authorisation.kind === "unreadable") throw new Error(authorisation.words);
    return authorisation.value === undefined ? {} : { authorization: authorisation.value };
  }

  async function write(body: Uint8Array, signal?: AbortSignal): Promise<Verdict> {
    const authorisation = await authoriser.header();
    if (authorisation.kind === "unreadable") {
      return { kind: "unauthorised", status: 0, words: authoriser.redact(authorisation.words) };
    }
    const answer = await transport.send({
      method: "POST",
      url: base + path,
      headers: {
        ...(authorisation.value === undefined ? {} : { authorization: authorisation.value }),
        "content-type": "text/plain; charset=utf-8",
        "content-encoding": "gzip",
      },
      body: new Uint8Array(body),
      timeout,
    }, signal);
    recognise(answer);
    const verdict = classify(answer, clock.wall());
    return verdict.kind === "delivered" ? verdict : { ...verdict, words: authoriser.redact(verdict.words) };
  }

  const client = new InfluxDB({
    url: base,
    transport: new InfluxTransport({ transport, base, headers, timeout }),
  });

  return {
    names,
    write,
    get keepsLineBreaks(): boolean | undefined {
      return keepsLineBreaks;
    },
    async identify(signal?: AbortSignal): Promise<boolean | Trouble> {
      const request = { method: "GET", url: `${base}/ping`, headers: {}, timeout } as const;
      const answer = await transport.send(request, signal);
      recognise(answer);
      if (keepsLineBreaks !== undefined) return keepsLineBreaks;
      const verdict = classify(answer, clock.wall());
      return verdict.kind === "delivered" || verdict.kind === "refused" || verdict.kind === "too_large"
        ? { kind: "wrong_address", status: 0, found: "other", words: "" }
        : verdict;
    },
    forgetToken: () => authoriser.forget(),
    async probe(): Promise<ProbeResult> {
      const result = await probeServer(client, target.version, names, () => compress("").then(write));
      return { ...result, text: authoriser.redact(result.text) };
    },
    async report(figures: GatewayFigures): Promise<Verdict> {
      return write(await compress(reportLine(figures, clock.wall())));
    },
    close: () => transport.close(),
  };
}

function reportLine(figures: GatewayFigures, wall: number): string {
  const point = new Point(figures.measurement).timestamp(nanoseconds(wall, 0));
  for (const [name, value] of Object.entries(figures.tags)) if (value !== "") point.tag(name, value);
  for (const [name, value] of Object.entries(figures.fields)) point.floatField(name, value);
  return point.toLineProtocol() ?? "";
}

/** How a database is reached, for whoever asks it for something else. */
export interface Access {
  /** Address without user name and password, without a slash at its end. */
  readonly base: string;
  /** Says who asks, and takes secrets out of texts. */
  readonly authoriser: Authoriser;
}

/** The address of a database, and who asks it. */
export function accessTo(config: Pick<InfluxConfig, "url" | "credentials">): Access {
  const { base, credentials } = takeApart(config);
  return { base, authoriser: new Authoriser(credentials) };
}

/** User name and password leave the address: an address is shown in texts. */
function takeApart(
  config: Pick<InfluxConfig, "url" | "credentials">,
): { base: string; credentials: Credentials } {
  const url = new URL(config.url);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  const base = url.href.replace(/\/+$/, "");
  if (config.credentials.kind !== "none" || username === "") return { base, credentials: config.credentials };
  const secret = decodeURIComponent(password);
  return {
    base,
    credentials: { kind: "password", username: decodeURIComponent(username), read: () => secret },
  };
}
