import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Text as gzip'd UTF-8; zlib works on a thread of its own. */
export async function compress(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await pack(text));
}

/** The text of a gzip'd body. */
export async function decompress(body: Uint8Array): Promise<string> {
  return new TextDecoder().decode(await unpack(body));
}
