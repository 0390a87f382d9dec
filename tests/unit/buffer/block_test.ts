import { assertEquals } from "@std/assert";
import { type Block, decodeBlock } from "../../../src/buffer/mod.ts";
import { deviceOf, encodeBlock, placeIn, readingsOf } from "../../../src/buffer/block.ts";
import { placeOf, readPlace } from "../../../src/buffer/block_entries.ts";

const BLOCK: Block = {
  position: 7,
  body: new Uint8Array([1, 2, 3]),
  points: 2,
  readings: 305,
  rawBytes: 1_000,
  lineBreaks: true,
  correction: true,
  oldest: 1_700_000_000_123,
  createdAt: 1_700_000_000_456,
  shares: Uint32Array.from([0, 5, placeOf(0, "fresh"), 70_000, 300, placeOf(1, "unsure")]),
  entries: [
    { row: 1, fresh: 2, again: 0, unsure: 0, sum: -1.25, size: 9, summed: true },
    { row: 1_000_000, fresh: 0, again: 1, unsure: 3, sum: 0, size: 0, summed: false },
  ],
};

Deno.test("a block comes back from its record as it was", () => {
  const { flags, body } = encodeBlock(BLOCK);
  const read = decodeBlock(7, flags, body);
  assertEquals(read, BLOCK);
  const without = encodeBlock({ ...BLOCK, lineBreaks: false });
  assertEquals(decodeBlock(7, without.flags, without.body), { ...BLOCK, lineBreaks: false });
  assertEquals([deviceOf(read, 1), readingsOf(read, 1), readPlace(placeIn(read, 1))], [
    70_000,
    300,
    { entry: 1, kind: "unsure" },
  ]);
});

Deno.test("a block that a version without the account wrote has its shares and no entries", () => {
  const body = new Uint8Array(32 + 4 + 2);
  const view = new DataView(body.buffer);
  view.setUint32(0, 2, true);
  view.setUint32(4, 12, true);
  view.setUint32(28, 4, true);
  body.set([3, 5, 4, 7, 0x1f, 0x8b], 32);
  const read = decodeBlock(9, 0, body);
  assertEquals([read.points, read.readings, [...read.body], read.entries], [2, 12, [0x1f, 0x8b], []]);
  assertEquals([0, 1].map((line) => [deviceOf(read, line), readingsOf(read, line), placeIn(read, line)]), [
    [3, 5, 0],
    [4, 7, 0],
  ]);
  assertEquals(readPlace(placeIn(read, 0)), undefined);
});

Deno.test("an entry and a kind are one number, and 0 is nowhere", () => {
  for (const entry of [0, 1, 77]) {
    for (const kind of ["fresh", "again", "unsure"] as const) {
      assertEquals(readPlace(placeOf(entry, kind)), { entry, kind });
    }
  }
  assertEquals(readPlace(0), undefined);
});
