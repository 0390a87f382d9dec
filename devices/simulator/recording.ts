import type { Label } from "./faults/draft.ts";
import type { Plan } from "./plan.ts";
import type { Planned, Script } from "./script.ts";

/** What a recording says of the run it was made of, in its first line. */
interface Head {
  readonly recording: 1;
  /** Length of the run, ms. */
  readonly duration: number;
  /** What the devices' clocks said at the beginning, ms since 1970. */
  readonly startedAt: number;
  readonly devices: number;
  readonly deviceRate: number;
  readonly closed: boolean;
  /** Of the site: its windows go by it. */
  readonly rate: number;
  /** Numbers of the scripts that wait for the others. */
  readonly waiting: readonly number[];
}

/** A recorded message: one line each. */
interface Entry {
  readonly script: number;
  readonly due: number;
  readonly topic: string;
  readonly payload: string;
  readonly label: Label;
}

/** A run to be published again. */
export interface Recording {
  readonly plan: Plan;
  readonly duration: number;
  readonly startedAt: number;
  readonly rate: number;
}

/** Characters that wait in memory before they are written. */
const BLOCK = 1 << 20;

/** Writes down everything that is published, one JSON text a line. */
export class Recorder {
  readonly #file: Deno.FsFile;
  readonly #encoder = new TextEncoder();
  #waiting: string[] = [];
  #size = 0;
  #written: Promise<void> = Promise.resolve();

  private constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Begins a recording; a file of that name is overwritten. */
  static async create(path: string, run: Recording): Promise<Recorder> {
    const recorder = new Recorder(await Deno.create(path));
    const { devices, deviceRate, closed, scripts } = run.plan;
    const { duration, startedAt, rate } = run;
    const waiting = [...scripts.entries()].filter(([, { waits }]) => waits).map(([number]) => number);
    const head: Head = { recording: 1, duration, startedAt, devices, deviceRate, closed, rate, waiting };
    recorder.#line(JSON.stringify(head));
    return recorder;
  }

  /** Adds a message. */
  add({ due, topic, payload, label }: Planned, script: number): void {
    const entry: Entry = { script, due, topic, payload, label };
    this.#line(JSON.stringify(entry));
  }

  /** Writes what waits, and closes the file. */
  async close(): Promise<void> {
    this.#flush();
    try {
      await this.#written;
    } finally {
      this.#file.close();
    }
  }

  #line(text: string): void {
    this.#waiting.push(text);
    this.#size += text.length;
    if (this.#size >= BLOCK) this.#flush();
  }

  #flush(): void {
    const bytes = this.#encoder.encode(this.#waiting.map((line) => `${line}\n`).join(""));
    this.#waiting = [];
    this.#size = 0;
    this.#written = this.#written.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    });
    // Whoever closes hears of it.
    this.#written.catch(() => {});
  }
}

/**
 * Reads a recording.
 *
 * @throws {Error} where the file is none
 */
export async function readRecording(path: string): Promise<Recording> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
  const parse = (line: string | undefined, number: number): unknown => {
    try {
      return JSON.parse(line ?? "");
    } catch {
      throw new Error(`Line ${number} of "${path}" is no JSON: it is no recording of a run, or was cut off`);
    }
  };
  // What follows was written by `Recorder`; whoever edits it by hand finds out from the first line on.
  const head = parse(lines[0], 1) as Partial<Head>;
  if (head.recording !== 1) throw new Error(`The file "${path}" is no recording of a run: see --record`);
  const { duration, startedAt, devices, deviceRate, closed, rate, waiting } = head as Head;
  const scripts = new Map<number, Planned[]>();
  for (const [index, line] of lines.slice(1).entries()) {
    const { script, ...planned } = parse(line, index + 2) as Entry;
    const own = scripts.get(script) ?? [];
    scripts.set(script, own);
    own.push(planned);
  }
  return {
    duration,
    startedAt,
    rate,
    plan: {
      devices,
      deviceRate,
      closed,
      scripts: [...scripts.entries()].sort(([a], [b]) => a - b).map(([number, own]): Script => ({
        waits: waiting.includes(number),
        open: () => own,
      })),
    },
  };
}
