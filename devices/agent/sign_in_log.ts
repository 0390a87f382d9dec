import { failedSignIns } from "./failed_sign_ins.ts";

/** Where authentication is logged: Debian and its kin, Red Hat and its kin. */
const FILES = ["/var/log/auth.log", "/var/log/secure"];

/** Read at most at once, bytes: an attack writes fast, and the next look goes on where this one ended. */
const AT_ONCE = 4 * 1_048_576;

/** What journalctl(1) writes before the place behind its last line. */
const CURSOR = "-- cursor: ";

/** Counts the failed sign-ins since its last call; rejects where that cannot be known. */
export type SignInLog = () => Promise<number>;

/** The first log of this machine that can be read: a file, else the journal. Rejects where there is none. */
export async function openSignInLog(
  files: readonly string[] = FILES,
  journalctl = "journalctl",
): Promise<SignInLog> {
  for (const path of files) {
    try {
      return await openFile(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound || denied(error))) throw error;
    }
  }
  return await openJournal(journalctl);
}

function denied(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable;
}

/** A log file from its present end on. A file that was rotated is read from its beginning. */
async function openFile(path: string): Promise<SignInLog> {
  let { size: position, ino } = await Deno.stat(path);
  (await Deno.open(path)).close();
  return async () => {
    const now = await Deno.stat(path);
    if (now.ino !== ino || now.size < position) [position, ino] = [0, now.ino];
    const bytes = await read(path, position, Math.min(now.size - position, AT_ONCE));
    // A line that is still being written is read whole the next time.
    const end = bytes.lastIndexOf(0x0a) + 1;
    position += end === 0 && bytes.length === AT_ONCE ? bytes.length : end;
    return failedSignIns(new TextDecoder().decode(bytes.subarray(0, end)).split("\n"));
  };
}

async function read(path: string, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.max(0, length));
  using file = await Deno.open(path);
  await file.seek(position, Deno.SeekMode.Start);
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** systemd's journal, from its present end on; facilities 4 and 10 are authentication (RFC 5424 §6.2.1). */
async function openJournal(program: string): Promise<SignInLog> {
  let { cursor } = await journal(program, ["--lines=0"]);
  if (cursor === undefined) throw new Error("The journal is empty");
  return async () => {
    const found = await journal(program, [
      `--after-cursor=${cursor}`,
      "SYSLOG_FACILITY=4",
      "SYSLOG_FACILITY=10",
    ]);
    // Nothing new: then there is no cursor either.
    cursor = found.cursor ?? cursor;
    return failedSignIns(found.lines);
  };
}

async function journal(
  program: string,
  what: readonly string[],
): Promise<{ readonly lines: string[]; readonly cursor: string | undefined }> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: ["--no-pager", "--show-cursor", ...what],
    env: { LC_ALL: "C" },
    stdin: "null",
  }).output();
  const words = new TextDecoder().decode(stderr).trim();
  // Whoever may not see the system's messages is told so here, and would count no sign-ins at all.
  if (code !== 0 || words !== "") throw new Error(words === "" ? `journalctl ended with ${code}` : words);
  const lines = new TextDecoder().decode(stdout).split("\n");
  const last = lines.findLast((line) => line.startsWith(CURSOR));
  return { lines, cursor: last?.slice(CURSOR.length) };
}
