import { DeliveryAccount } from "../buffer/mod.ts";
import type { GatewayConfig } from "../config/mod.ts";
import { type Banks, dataKeysOf, deliveredOf } from "../gateway/mod.ts";
import { denoFiles } from "../journal/mod.ts";
import { rfc3339 } from "../model/mod.ts";
import { type Checkpoint, CheckpointStore, type Loaded } from "../pipeline/mod.ts";
import {
  type Account,
  accountOf,
  type AccountPage,
  type Answer,
  askOver,
  jsonOf,
  readPage,
  shownBody,
  VerifyProblem,
} from "../verify/mod.ts";

/** Rows of one answer. */
const ROWS = 5_000;
/** Pause where the gateway asks for patience, ms, and how often. */
const PAUSE = 1_000;
const PAUSES = 60;

/** Where the delivery account comes from. */
export interface AccountSource {
  /** For people: where it was read. */
  readonly title: string;
  /** The account as it is now. */
  readonly read: () => Promise<Account>;
  /** What has to be known of it where something differs. */
  readonly caveat: string | undefined;
}

/**
 * The account of a running gateway, by its API.
 *
 * @param base address of the API, without a slash at its end
 * @param token an API token; `undefined`: none is needed
 */
export function accountOverApi(
  base: string,
  token: string | undefined,
  pause: (ms: number) => Promise<void>,
): AccountSource {
  const ask = askOver({
    name: "The gateway",
    base,
    headers: () => Promise.resolve(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    hint: "start it, correct --url, or name its data folder with --data-dir",
  });
  const page = async (cursor: string | null): Promise<AccountPage> => {
    const query = new URLSearchParams({ limit: String(ROWS), ...(cursor === null ? {} : { cursor }) });
    for (let n = 0;; n++) {
      const answer = await ask({ path: `/api/v1/delivered?${query}` });
      if (answer.status === 429 && n < PAUSES) {
        await pause(PAUSE);
        continue;
      }
      const read = answer.status === 200 ? readPage(jsonOf(answer)) : undefined;
      if (read === undefined) throw noAccount(base, answer, token);
      return read;
    }
  };
  const read = async (): Promise<Account> => {
    const pages: AccountPage[] = [];
    for (let cursor: string | null = null;;) {
      const next: AccountPage = await page(cursor);
      pages.push(next);
      cursor = next.next_cursor;
      if (cursor === null) return accountOf(pages);
    }
  };
  return { title: base, read, caveat: undefined };
}

function noAccount(base: string, answer: Answer, token: string | undefined): VerifyProblem {
  if (answer.status === 401 || answer.status === 403) {
    return new VerifyProblem(
      `The gateway at ${base} asks for a token (status ${answer.status}); give the file of one with the role viewer with ` +
        "--token-file, such as deno task token makes",
    );
  }
  if (answer.status === 200 || answer.status === 404) {
    return new VerifyProblem(
      `What answers at ${base} is no Sluice that keeps a delivery account (status ${answer.status}); correct --url`,
    );
  }
  // Whoever answers there may repeat what it was sent.
  const body = shownBody(answer);
  const said = token === undefined ? body : body.replaceAll(token, "***");
  return new VerifyProblem(
    `The gateway at ${base} answers with status ${answer.status}${said === "" ? "" : `: "${said}"`}`,
  );
}

/**
 * The account of a gateway that does not run, from the newest checkpoint of its data folder, which is only read.
 *
 * @throws {VerifyProblem} where there is none
 */
export async function accountInFolder(
  dataDir: string,
  encryption: GatewayConfig["buffer"]["encryptAtRest"],
): Promise<AccountSource> {
  const keys = await dataKeysOf(encryption);
  const store = new CheckpointStore<Checkpoint<Banks>>(denoFiles, `${dataDir}/checkpoint`, {
    keys,
    salt: () => 0n,
  });
  const { generations, problems } = await peeked(store, dataDir);
  const [newest] = generations;
  if (newest === undefined) {
    const why = problems.some(({ problem }) => problem === "no_key")
      ? "its checkpoint is encrypted with a key that buffer.encrypt_at_rest does not name"
      : problems.some(({ problem }) => problem === "newer_version")
      ? "its checkpoint was written by a newer version of Sluice"
      : "it holds no checkpoint that can be read";
    throw new VerifyProblem(`The data folder "${dataDir}" cannot be used: ${why}`);
  }
  const { river, banks } = newest.content;
  const { account: snapshot } = banks.outbox;
  if (snapshot === undefined) {
    throw new VerifyProblem(
      `The checkpoint in "${dataDir}" was written by a version that kept no delivery account; start the gateway once`,
    );
  }
  const everything = { since: null, until: null, limit: Infinity, after: null };
  const account = new DeliveryAccount(snapshot.since, snapshot);
  const answer = readPage(deliveredOf(account, (device) => river.devices[device]?.id ?? "", everything));
  if (answer === undefined) throw new VerifyProblem(`The checkpoint in "${dataDir}" cannot be read`);
  const takenAt = rfc3339(banks.takenAt) ?? "";
  return {
    title: `${dataDir}, by its checkpoint of ${takenAt}`,
    read: () => Promise.resolve(accountOf([answer])),
    caveat:
      `The checkpoint was taken at ${takenAt}: what was delivered later is not in it. It is complete where the ` +
      "gateway ended in order; while it runs, or after it was killed, ask it with --url",
  };
}

async function peeked(
  store: CheckpointStore<Checkpoint<Banks>>,
  dataDir: string,
): Promise<Loaded<Checkpoint<Banks>>> {
  try {
    return await store.peek();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new VerifyProblem(
      `The data folder "${dataDir}" cannot be read: ${words}; give a gateway's data folder with --data-dir`,
      { cause: error },
    );
  }
}
