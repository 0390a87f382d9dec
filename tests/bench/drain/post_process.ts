/** The baseline: POSTs the bodies of a backlog one after another, nothing else. */
import { decodeBlock } from "../../../src/buffer/mod.ts";
import { position } from "../../../src/journal/mod.ts";
import { moment, tell, told } from "../../support/child_process.ts";
import type { WriteTarget } from "../kit/database.ts";
import { openRestingCore } from "../kit/resting_core.ts";

/** What it is to send, and where to. */
export interface PostTask {
  readonly configPath: string;
  readonly target: WriteTarget;
}

/** What it says at its end. */
export interface PostReport {
  readonly points: number;
  /** Points a second from the first answer to the last. */
  readonly rate: number;
}

/** A body as it is sent. */
interface Body {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly points: number;
}

const READ_BYTES = 4 * 1024 * 1024;

async function bodiesOf(configPath: string): Promise<Body[]> {
  const { core: { folder: { outboxJournal } } } = await openRestingCore(configPath);
  const cursor = outboxJournal.read(position(1));
  const bodies: Body[] = [];
  for (let entries = await cursor.next(READ_BYTES); entries.length > 0;) {
    for (const { position, flags, body } of entries) {
      const block = decodeBlock(position, flags, body);
      bodies.push({ bytes: new Uint8Array(block.body), points: block.points });
    }
    entries = await cursor.next(READ_BYTES);
  }
  cursor.close();
  return bodies;
}

async function post({ configPath, target }: PostTask): Promise<PostReport> {
  const { url, org, bucket, token } = target;
  const address = `${url}/api/v2/write?${new URLSearchParams({ org, bucket, precision: "ns" })}`;
  const headers = { authorization: `Token ${token}`, "content-encoding": "gzip" };
  let [points, firstAt, firstPoints] = [0, 0, 0];
  for (const { bytes, points: more } of await bodiesOf(configPath)) {
    const response = await fetch(address, { method: "POST", headers, body: bytes });
    const text = await response.text();
    if (!response.ok) throw new Error(`The database answered ${response.status}: ${text}`);
    points += more;
    if (firstAt > 0) continue;
    firstAt = moment();
    firstPoints = points;
  }
  return { points, rate: 1_000 * (points - firstPoints) / (moment() - firstAt) };
}

if (import.meta.main) {
  await tell(JSON.stringify(await post(JSON.parse(Deno.args[0] ?? ""))));
  await told();
}
