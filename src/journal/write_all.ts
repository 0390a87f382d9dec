import type { OpenFile } from "./file_port.ts";
import { ShortWrite } from "./trouble.ts";

/**
 * Writes all bytes, in as many calls as the system wants.
 *
 * @param at where, in a file that is opened to be overwritten; default: at the end
 * @throws ShortWrite where the system takes nothing more, else what the disk said
 */
export async function writeAll(file: OpenFile, bytes: Uint8Array, at?: number): Promise<void> {
  let taken = 0;
  while (taken < bytes.length) {
    const more = await file.write(
      taken === 0 ? bytes : bytes.subarray(taken),
      at === undefined ? undefined : at + taken,
    );
    if (more <= 0) throw new ShortWrite(taken, bytes.length);
    taken += more;
  }
}
