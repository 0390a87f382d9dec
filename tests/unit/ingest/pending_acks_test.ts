import { assertEquals } from "@std/assert";
import { PendingAcks } from "../../../src/ingest/pending_acks.ts";

Deno.test("acknowledgements come out in order of arrival, up to the durable position", () => {
  const acks = new PendingAcks();
  acks.push(10, 1, 700);
  acks.push(11, 1, 3);
  acks.push(13, 1, 65_535);
  assertEquals([...acks.drain(9, 1)], []);
  assertEquals([...acks.drain(12, 1)], [700, 3]);
  assertEquals(acks.length, 1);
  assertEquals([...acks.drain(13, 1)], [65_535]);
  assertEquals(acks.length, 0);
});

Deno.test("an acknowledgement of an older connection is dropped, not sent on the next", () => {
  const acks = new PendingAcks();
  acks.push(1, 1, 1);
  acks.push(2, 2, 1);
  acks.push(3, 1, 2);
  acks.push(4, 2, 2);
  assertEquals([...acks.drain(4, 2)], [1, 2]);
  assertEquals(acks.length, 0);
});

Deno.test("without a connection everything durable is dropped", () => {
  const acks = new PendingAcks();
  acks.push(1, 1, 1);
  assertEquals([...acks.drain(1, 0)], []);
  assertEquals(acks.length, 0);
});

Deno.test("the ring grows while it wraps around and keeps the order", () => {
  const acks = new PendingAcks();
  const expected: number[] = [];
  const found: number[] = [];
  let position = 0;
  let durable = 0;
  for (let round = 0; round < 200; round++) {
    for (let n = 0; n < 40; n++) {
      const id = (position * 7) % 65_535 + 1;
      acks.push(++position, 1, id);
      expected.push(id);
    }
    durable += 29;
    found.push(...acks.drain(durable, 1));
  }
  found.push(...acks.drain(position, 1));
  assertEquals(found, expected);
});
