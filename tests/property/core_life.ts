/**
 * One life of everything between intake and forwarder, on files in memory: it can be stopped dead at any file
 * operation, and the next life begins with what was left.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { gunzipSync } from "node:zlib";
import { type GatewayConfig, loadConfig, renderProblem } from "../../src/config/mod.ts";
import { parseLines } from "../../src/forward/line_parts.ts";
import { type Core, openCore } from "../../src/gateway/core.ts";
import { makeTelemetry } from "../../src/gateway/telemetry.ts";
import { Lifecycle } from "../../src/lifecycle.ts";
import type { InboxRecord, Rules } from "../../src/model/mod.ts";
import { ManualClock } from "../support/manual_clock.ts";
import type { MemoryFiles } from "../support/memory_files.ts";
import { memorySources, small } from "../unit/config/memory_sources.ts";
import { formerLife } from "../unit/journal/rig.ts";

/** Size of the inbox's segments where their files are prepared: the least there is. */
const SEGMENT = 64 * 1024;

async function configOf(buffer: string): Promise<GatewayConfig> {
  const text = `gateway: { data_dir: /data }\nmqtt: { url: 'embedded://127.0.0.1:1' }\nbuffer: ${buffer}\n` +
    "notifiers: { ops: { log: {} } }\n";
  const loaded = await loadConfig("gateway.yaml", memorySources(small(text)));
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.config;
}

const CONFIG = await configOf("{ max_bytes: 8MiB }");
const PREPARING = await configOf("{ max_bytes: 1MiB, prepare_segments: true }");

const decoder = new TextDecoder();

/** Every record that was ever durable, over all lives, by its position. */
export type Noted = Map<number, InboxRecord>;

/** The newest salt: no two journals of any life may have the same. */
let salt = 1n;

/** What the other side of the gateway has seen: lines in the order of their delivery, over all lives. */
export type Database = string[];

/** A life. */
export class Life {
  /** File operations after which it stops dead. */
  readonly #end: number;
  readonly #files: MemoryFiles;
  readonly #clock: ManualClock;
  readonly #dead = Promise.withResolvers<void>();
  #isDead = false;
  #core: Core | undefined;
  readonly #noted: Noted;
  readonly #config: GatewayConfig;

  /**
   * @param noted what was durable in the lives before; goes on
   * @param start wall clock at its beginning, ms
   * @param end file operations of this life after which nothing moves any more
   * @param prepared whether its inbox is written over the bytes of a former segment
   */
  constructor(files: MemoryFiles, noted: Noted, start: number, end: number, prepared = false) {
    this.#config = prepared ? PREPARING : CONFIG;
    if (prepared) files.put("/data/inbox/spare.tmp", formerLife(SEGMENT));
    this.#files = files;
    this.#noted = noted;
    this.#end = files.operations + end;
    this.#clock = new ManualClock(start);
    files.gate = () => {
      if (this.#isDead || files.operations > this.#end) {
        this.#isDead = true;
        this.#dead.resolve();
        return new Promise<void>(() => {});
      }
      return undefined;
    };
  }

  /** Whether it has stopped. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** What it is made of, once it has begun. */
  get core(): Core {
    if (this.#core === undefined) throw new Error("The life has not begun");
    return this.#core;
  }

  /** Stops dead now, if it has not yet; what is under way comes to its end or never does. */
  async end(): Promise<void> {
    this.#isDead = true;
    this.#dead.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Recovers as the gateway does, and goes live. */
  async begin(rules: Rules): Promise<void> {
    await this.#unlessDead(async () => {
      const ports = {
        clock: this.#clock,
        random: () => 0.5,
        salt: () => salt = BigInt.asUintN(64, salt * 6364136223846793005n + 1442695040888963407n),
        randomId: () => "id",
        files: this.#files,
        readText: () => Promise.reject(new Error("There is no file")),
        writeLog: () => {},
        colour: false,
        pid: 1,
        rss: () => 0,
      };
      const config = this.#config;
      const core = await openCore(config, rules, ports, new Lifecycle(), makeTelemetry(config, ports));
      core.onFatal = (error) => {
        throw error;
      };
      await this.#find(core);
      await core.folder.mark.begin();
      await core.driver.replay(core.folder.mark, rules);
      core.time.continueAt(core.driver.river.elapsed);
      core.inbox.continueFrom(core.driver.river.connection);
      core.time.run(true);
      core.driver.start(rules);
      await core.inbox.sync();
      this.#core = core;
    });
  }

  /** Takes a record in, as the intake would; it is stamped anew. */
  take({ content }: InboxRecord): void {
    const { inbox } = this.core;
    switch (content.kind) {
      case "message":
        inbox.message(content.message);
        break;
      case "session":
        inbox.session({ ...content.session, connection: inbox.nextConnection() });
        break;
      case "rules":
        inbox.rules(content.rules);
        break;
      case "command":
        inbox.command(content.command);
        break;
      case "tick":
        inbox.tick();
    }
  }

  /** Time passes. */
  pass(ms: number): void {
    this.#clock.advance(ms);
  }

  /** Everything appended so far is on disk and through the river. */
  sync(): Promise<void> {
    return this.#unlessDead(() => this.core.inbox.sync());
  }

  checkpoint(): Promise<void> {
    return this.#unlessDead(() => this.core.driver.checkpoint());
  }

  /** Sends the oldest blocks, at most so many. */
  async deliver(blocks: number, database: Database): Promise<void> {
    await this.#unlessDead(async () => {
      for (let n = 0; n < blocks; n++) {
        const block = await this.core.outbox.next("backlog");
        if (block === undefined) return;
        database.push(...parseLines(decoder.decode(gunzipSync(block.body))).map(({ text }) => text));
        this.core.outbox.delivered(block.position);
      }
    });
  }

  /** Every entry of the quarantine. */
  async refusals(): Promise<string[]> {
    const all: string[] = [];
    for await (const { refused } of this.core.quarantine.list(1)) {
      const { payload, ...facts } = refused;
      all.push(`${JSON.stringify(facts)} ${payload.toHex()}`);
    }
    return all;
  }

  /** Nothing that was durable is missing or another; whatever the driver takes from now on is durable too. */
  async #find(core: Core): Promise<void> {
    const { inbox, folder } = core;
    const { first, last } = folder.inboxJournal;
    const found: Noted = new Map();
    for await (const { records } of inbox.replay(first, last)) {
      for (const record of records) found.set(record.position, record);
    }
    for (const [position, record] of this.#noted) {
      if (position >= first) assertEquals(found.get(position), record, `record ${position} was durable`);
      else {assert(
          position <= core.driver.river.position,
          `record ${position} went before a checkpoint had it`,
        );}
    }
    for (const [position, record] of found) this.#noted.set(position, record);
    const take = inbox.take.bind(inbox);
    inbox.take = () => {
      const records = take();
      for (const record of records) this.#noted.set(record.position, record);
      return records;
    };
  }

  async #unlessDead(work: () => Promise<void>): Promise<void> {
    if (this.#isDead) return;
    const working = work();
    await Promise.race([working, this.#dead.promise]);
  }
}
