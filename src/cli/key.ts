import { formatEncryptionKey } from "../config/mod.ts";
import { type CliIo, EXIT } from "./io.ts";

const BYTES = 32;

/**
 * `key`: makes a key for `buffer.encrypt_at_rest` and prints it, alone on its line, so that it can go into a file.
 *
 * @param dice gives so many random bytes, from a source fit for secrets
 * @returns 0
 */
export function key(io: CliIo, dice: (bytes: number) => Uint8Array): number {
  if (io.isTerminal) {
    io.stderr(
      "A new key; keep it in a file that only the gateway may read, and a copy where the data folder is not:\n" +
        "  (umask 077; deno run --allow-env main.ts key > /run/secrets/sluice-key)\n\n",
    );
  }
  io.stdout(`${formatEncryptionKey(dice(BYTES))}\n`);
  return EXIT.done;
}
