import type { Answer } from "./gateway_process.ts";

/** An event of a stream. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string | undefined;
  /** The data as JSON, as deep as the test looks into it. */
  readonly data: Answer["body"];
}

/**
 * Reads Server-Sent Events as a browser does (WHATWG HTML, section 9.2.6), from a stream of bytes. It reads only when
 * it is asked to.
 */
export class EventReader {
  /** The id with which a block without data began. */
  firstId: string | undefined;
  /** Comments so far. */
  comments = 0;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #events: ReadEvent[] = [];
  /** A read that has not come back yet. */
  #pending: Promise<boolean> | undefined;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** The next so many events; fewer where the stream ends before. */
  async next(count: number): Promise<ReadEvent[]> {
    while (this.#events.length < count && await this.#readOnce());
    return this.#events.splice(0, count);
  }

  /** Reads until an event passes, throwing away those before; fails where the stream ends before, or it does not come. */
  async until(passes: (event: ReadEvent) => boolean, timeout = 60_000): Promise<ReadEvent> {
    const seen: string[] = [];
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = setTimeout(() => resolve("late"), timeout);
    try {
      for (;;) {
        const read = await Promise.race([this.next(1), late]);
        const event = read === "late" ? undefined : read[0];
        if (event === undefined) {
          const last = seen.slice(-10).join("\n");
          throw new Error(
            `${read === "late" ? `Waited ${timeout} ms` : "The stream ended"} before it came:\n${last}`,
          );
        }
        if (passes(event)) return event;
        seen.push(`${event.event} ${JSON.stringify(event.data).slice(0, 200)}`);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes what is there, waiting for it `ms` at most. */
  async read(ms?: number): Promise<void> {
    const read = this.#readOnce();
    if (ms === undefined) return void await read;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([read, promise]);
    clearTimeout(timer);
  }

  /** Reads to the end; the error's words where it did not end in order. */
  async end(): Promise<string> {
    try {
      while (await this.#readOnce());
      return "";
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Goes away. */
  async close(): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    await this.#pending?.catch(() => {});
  }

  #readOnce(): Promise<boolean> {
    return this.#pending ??= this.#take().finally(() => this.#pending = undefined);
  }

  async #take(): Promise<boolean> {
    const { value, done } = await this.#reader.read();
    if (done || value === undefined) return false;
    const blocks = (this.#rest + this.#decoder.decode(value, { stream: true })).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) this.#block(block);
    return true;
  }

  #block(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split("\n")) {
      if (line.startsWith(":")) this.comments++;
      else fields.set(line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2));
    }
    const data = fields.get("data");
    if (data === undefined) this.firstId ??= fields.get("id");
    else {this.#events.push({
        event: fields.get("event") ?? "message",
        id: fields.get("id"),
        data: JSON.parse(data),
      });}
  }
}
