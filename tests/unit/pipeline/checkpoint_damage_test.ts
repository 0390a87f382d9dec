import { assertEquals } from "@std/assert";
import { KeyRing } from "../../../src/journal/mod.ts";
import {
  decodeCheckpoint,
  encodeCheckpoint,
  sealCheckpoint,
  unsealCheckpoint,
} from "../../../src/pipeline/checkpoint_codec.ts";

const CONTENT = { word: "small", numbers: new Map([["a", -Infinity], ["b", NaN]]) };
const ring = await KeyRing.of(new Uint8Array(32).fill(7));

/** What becomes of a checkpoint's bytes, as the store reads them. */
async function read(bytes: Uint8Array<ArrayBuffer>, keys: KeyRing | undefined): Promise<unknown> {
  const unsealed = await unsealCheckpoint(bytes, keys);
  return "plain" in unsealed ? decodeCheckpoint(unsealed.plain) : unsealed;
}

for (const [name, keys] of [["a plain", undefined], ["an encrypted", ring]] as const) {
  const sound = new Uint8Array(await sealCheckpoint(encodeCheckpoint(CONTENT), keys, () => 5n));

  Deno.test(`any other value of any byte of ${name} checkpoint is damage: no newer version, no missing key`, async () => {
    assertEquals(await read(sound, keys), { content: CONTENT });
    for (let at = 0; at < sound.length; at++) {
      for (let mask = 1; mask < 256; mask++) {
        const broken = sound.slice();
        broken[at] = (broken[at] ?? 0) ^ mask;
        assertEquals(await read(broken, keys), { problem: "damaged" }, `byte ${at}, ${mask}`);
      }
    }
  });

  Deno.test(`${name} checkpoint cut at any length, or longer than it was, is damage`, async () => {
    for (let length = 0; length < sound.length; length++) {
      assertEquals(await read(sound.slice(0, length), keys), { problem: "damaged" }, `cut at ${length}`);
    }
    assertEquals(await read(new Uint8Array([...sound, 0]), keys), { problem: "damaged" });
  });
}
