/** Where lines go. */
export interface Sink {
  /** Takes one line without its line break. Must not throw. */
  write(line: string): void;
}

/** What `streamSink` needs of a stream: `Deno.stdout` and `Deno.stderr` fit. */
export interface SyncWriter {
  /** Writes some of the bytes, at least one, and returns how many. */
  writeSync(bytes: Uint8Array): number;
}

/**
 * Lines to a stream, each written whole before the next. A reader that went away (a closed pipe) costs the
 * line, never the gateway.
 */
export function streamSink(stream: SyncWriter): Sink {
  const encoder = new TextEncoder();
  return {
    write(line): void {
      let rest = encoder.encode(`${line}\n`);
      try {
        while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
      } catch {
        // There is nowhere left to say it.
      }
    },
  };
}
