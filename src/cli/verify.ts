import { systemClock } from "../clock.ts";
import { type GatewayConfig, type InfluxConfig, loadConfig, parseDuration } from "../config/mod.ts";
import { databaseAccess } from "../gateway/mod.ts";
import {
  askOver,
  type Database,
  differs,
  identify,
  reportJson,
  reportText,
  type Target,
  verify as verifyWith,
  VerifyProblem,
} from "../verify/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { type Range, rangeOf } from "./replay_range.ts";
import { reportProblems, reportWarnings } from "./report_problems.ts";
import { accountInFolder, accountOverApi, type AccountSource } from "./verify_account.ts";

/** What `verify` is asked. */
export interface VerifyArgs {
  readonly config: string;
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Address of the gateway's API; left out: that of the configuration. */
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  /** A data folder to read the account from, in the place of the API. */
  readonly dataDir: string | undefined;
  readonly patience: string;
  readonly json: boolean;
}

/** What is compared, read from the arguments. */
interface Asked {
  readonly range: Range;
  /** ms */
  readonly patience: number;
}

/**
 * `verify`: asks the database for what the gateway's account says was delivered, and compares.
 *
 * @returns 0 agreement · 1 difference · 2 nothing was compared
 */
export async function verify(args: VerifyArgs, io: CliIo, now: number): Promise<number> {
  const loaded = await loadConfig(args.config, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  reportWarnings(loaded.warnings, io);
  const { config } = loaded;
  const asked = askedOf(args, now);
  if (typeof asked === "string") return refuse(asked, io);
  if (config.influxdb === undefined) {
    return refuse(`The configuration "${config.file}" names no database; add the section influxdb`, io);
  }
  const access = databaseAccess(config.influxdb, (path) => io.sources.readText(path));
  try {
    const source = await sourceOf(args, config, io);
    const database = await databaseOf(config.influxdb, access);
    return await compared(source, database, asked, args.json, io, now);
  } catch (error) {
    if (!(error instanceof VerifyProblem)) throw error;
    // The database's own words stand in it.
    return refuse(access.authoriser.redact(error.message), io);
  }
}

function askedOf(args: VerifyArgs, now: number): Asked | string {
  const range = rangeOf(atMidnight(args.since), atMidnight(args.until), now);
  if (typeof range === "string") return range;
  const patience = parseDuration(args.patience);
  return typeof patience === "number"
    ? { range, patience }
    : `--patience was "${args.patience}"; allowed is a duration such as 7s`;
}

async function compared(
  source: AccountSource,
  database: Database,
  { range, patience }: Asked,
  json: boolean,
  io: CliIo,
  now: number,
): Promise<number> {
  const verification = await verifyWith({
    account: source.read,
    database,
    since: Number.isFinite(range.from) ? range.from : undefined,
    until: Number.isFinite(range.to) ? range.to : undefined,
    patience,
    pause,
  });
  const sides = { gateway: source.title, database: database.title, caveat: source.caveat };
  io.stdout(json ? `${reportJson(sides, verification, now)}\n` : reportText(sides, verification, now));
  return differs(verification) ? EXIT.failed : EXIT.done;
}

async function sourceOf(args: VerifyArgs, config: GatewayConfig, io: CliIo): Promise<AccountSource> {
  if (args.dataDir !== undefined) return await accountInFolder(args.dataDir, config.buffer.encryptAtRest);
  const address = args.url ?? addressOf(config);
  const url = URL.parse(address);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new VerifyProblem(
      `The gateway's address cannot be read, found "${address}"; allowed is http://HOST:PORT`,
    );
  }
  return accountOverApi(url.origin, await tokenOf(args.tokenFile, io), pause);
}

async function tokenOf(file: string | undefined, io: CliIo): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return (await io.sources.readText(file)).trim();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new VerifyProblem(`The token file "${file}" cannot be read: ${words}`);
  }
}

async function databaseOf(
  influxdb: InfluxConfig,
  { base, authoriser }: ReturnType<typeof databaseAccess>,
): Promise<Database> {
  const ask = askOver({
    name: "The database",
    base,
    headers: async () => {
      const authorisation = await authoriser.header();
      if (authorisation.kind === "unreadable") throw new Error(authorisation.words);
      return authorisation.value === undefined ? {} : { authorization: authorisation.value };
    },
    hint: "start it, or correct influxdb.url",
  });
  const target: Target = influxdb.version === 2
    ? { version: 2, org: influxdb.org, bucket: influxdb.bucket }
    : { version: 1, database: influxdb.database, retentionPolicy: influxdb.retentionPolicy ?? null };
  return await identify(target, base, ask);
}

/** The address of the API on this machine. */
function addressOf({ api }: GatewayConfig): string {
  const { hostname, port } = api.listen;
  const own = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  return `${api.tls === undefined ? "http" : "https"}://${own.includes(":") ? `[${own}]` : own}:${port}`;
}

/** A date is the beginning of its UTC day. */
function atMidnight(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void systemClock.after(ms, resolve));
}

function refuse(text: string, io: CliIo): number {
  io.stderr(`${text}\n`);
  return EXIT.usage;
}
