import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { EXPIRY_TEXT, parseExpiry } from "../config/mod.ts";
import { nameProblem, nameProblemText, shown } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";

/** Random bytes in a token: 256 bits, so that its hash needs no salt and no slow function. */
const BYTES = 32;
const ROLES = ["viewer", "operator", "admin"];

/** What the configuration keeps of a token: `sha256:` and the hash of its text in hexadecimal digits. */
export function tokenHash(token: string): string {
  return `sha256:${createHash("sha256").update(token, "utf8").digest("hex")}`;
}

/**
 * `token`: makes an API token and prints it once, with the line for `api.tokens` that holds its hash.
 *
 * @param dice gives so many random bytes, from a source fit for secrets
 * @param now wall clock, ms
 * @returns 0, or 2 where name, role or expiry is wrong
 */
export function token(
  args: { readonly name: string; readonly role: string; readonly expires?: string | undefined },
  io: CliIo,
  dice: (bytes: number) => Uint8Array,
  now: number,
): number {
  const problem = nameProblem(args.name);
  if (problem !== undefined) {
    io.stderr(`The name cannot be used, found "${shown(args.name)}", ${nameProblemText(problem)}\n`);
    return EXIT.usage;
  }
  if (!ROLES.includes(args.role)) {
    io.stderr(`The role is not allowed, found "${args.role}", allowed ${ROLES.join(", ")}\n`);
    return EXIT.usage;
  }
  const { expires } = args;
  const until = expires === undefined ? Infinity : parseExpiry(expires);
  if (until === undefined || until <= now) {
    const why = until === undefined ? "is no time" : "is over";
    io.stderr(`The time of expiry ${why}, found "${shown(expires)}", allowed in the future ${EXPIRY_TEXT}\n`);
    return EXIT.usage;
  }
  const text = `sluice_${dice(BYTES).toBase64({ alphabet: "base64url", omitPadding: true })}`;
  const entry = {
    name: args.name,
    role: args.role,
    hash: tokenHash(text),
    ...(expires === undefined ? {} : { expires }),
  };
  const line = stringify(entry, { collectionStyle: "flow", lineWidth: 0 }).trim();
  io.stdout(
    `The token, shown this once:\n\n  ${text}\n\n` +
      `The line for api.tokens of the configuration, it holds the hash only:\n\n  - ${line}\n`,
  );
  return EXIT.done;
}
