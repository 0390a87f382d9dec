import { type AuditVerdict, verifyAudit } from "../audit/mod.ts";
import { denoFiles } from "../journal/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { readKeys } from "./read_keys.ts";

/** How often what looks like a write in progress is looked at again, and the pause between, ms. */
const LOOKS = 4;
const PAUSE = 250;

/**
 * `audit verify`: reads the audit of a data folder, also beside a running gateway, checks its chain and never writes
 * to it.
 *
 * @param sleep waits so many ms
 * @returns 0 unbroken · 1 broken, or it cannot be read · 2 wrong usage
 */
export async function audit(
  args: { readonly action: string; readonly dataDir: string; readonly keyFile: string | undefined },
  io: CliIo,
  sleep: (ms: number) => Promise<void>,
): Promise<number> {
  if (args.action !== "verify") {
    io.stderr(`The action of audit was "${args.action}"; allowed is verify\n`);
    return EXIT.usage;
  }
  const read = await readKeys(args.keyFile, io);
  if ("problem" in read) {
    io.stderr(`${read.problem}\n`);
    return EXIT.usage;
  }
  const folder = `${args.dataDir}/audit`;
  let verdict: AuditVerdict | undefined;
  let trouble: unknown;
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await sleep(PAUSE);
    try {
      trouble = undefined;
      verdict = await verifyAudit(denoFiles, folder, read.keys);
    } catch (error) {
      // Beside a running gateway a segment may be forgotten while it is read.
      trouble = error;
      continue;
    }
    if (verdict.broken?.reason !== "unfinished") break;
  }
  if (verdict === undefined || trouble !== undefined) {
    const words = trouble instanceof Error ? trouble.message : String(trouble);
    io.stderr(
      `The audit of "${args.dataDir}" cannot be read: ${words}; give the gateway's data folder with --data-dir\n`,
    );
    return EXIT.failed;
  }
  if (verdict.locked) {
    io.stderr(`The audit of "${args.dataDir}" is encrypted; give its key with --key-file\n`);
    return EXIT.failed;
  }
  io.stdout(io.isTerminal ? words(verdict) : `${JSON.stringify(facts(verdict))}\n`);
  return verdict.broken === undefined ? EXIT.done : EXIT.failed;
}

function facts({ entries, first, last, broken }: AuditVerdict): unknown {
  return {
    entries,
    first: first === undefined ? null : { sequence: first.sequence, at: first.at, previous: first.previous },
    last: last === undefined ? null : { sequence: last.sequence, at: last.at, hash: last.hash },
    unbroken: broken === undefined,
    broken: broken ?? null,
  };
}

function words({ entries, first, last, broken }: AuditVerdict): string {
  const lines = [`${entries} ${entries === 1 ? "entry" : "entries"}`];
  if (first !== undefined) {
    const before = first.sequence === 1 ? "" : `, behind the hash ${first.previous}`;
    lines.push(`first ${first.sequence}, ${first.at}${before}`);
  }
  if (last !== undefined) lines.push(`last ${last.sequence}, ${last.at}, hash ${last.hash}`);
  lines.push(broken === undefined ? "unbroken" : `broken at ${broken.sequence}: ${broken.text}`);
  return `${lines.join("\n")}\n`;
}
