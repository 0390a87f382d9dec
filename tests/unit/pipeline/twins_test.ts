import { assertEquals } from "@std/assert";
import { Twins } from "../../../src/pipeline/twins.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf } from "./river_bench.ts";

/** Without time or sequence of its own, so that nothing but the broker tells a copy from an equal message. */
const PLAIN = rulesOf(profile([field("t", NONE)], { time: null }), { receiveMaximum: 3 });

function said(bench: RiverBench): Record<string, number> {
  const { processed, duplicate } = bench.ledger.messages;
  return { processed, duplicate, assumed: bench.ledger.beside.duplicate_assumed };
}

function send(bench: RiverBench, packetId: number, value: number, dup = false): void {
  bench.message(messageOf("plant/d1", JSON.stringify({ t: value }), { packetId, dup }));
}

Deno.test("a redelivery with DUP, the same packet identifier and content is a duplicate", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 1, 20);
  send(bench, 1, 20, true);
  assertEquals(said(bench), { processed: 1, duplicate: 1, assumed: 0 });
});

Deno.test("other content or another identifier is none, whatever the flag says", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 1, 20);
  send(bench, 1, 21, true);
  send(bench, 2, 20, true);
  assertEquals(said(bench), { processed: 3, duplicate: 0, assumed: 0 });
});

Deno.test("without DUP an equal message is data, but for right after a resume, where it is assumed to be a copy", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 1, 20);
  send(bench, 1, 20);
  assertEquals(said(bench), { processed: 2, duplicate: 0, assumed: 0 });
  bench.session(true);
  send(bench, 1, 20);
  assertEquals(said(bench), { processed: 2, duplicate: 1, assumed: 1 });
});

Deno.test("only the first messages after a resume, as many as may be in flight, are judged like that", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 1, 20);
  bench.session(true);
  for (const packetId of [5, 6, 7]) send(bench, packetId, packetId);
  send(bench, 1, 20);
  assertEquals(said(bench), { processed: 5, duplicate: 0, assumed: 0 });
});

Deno.test("where a time or a sequence proves the copy, nothing is assumed", () => {
  for (const proof of [{ sequence: ["seq"] }, { time: { path: ["ts"], unit: "ms" as const } }]) {
    const bench = new RiverBench(rulesOf(profile([field("t", NONE)], { time: null, ...proof })));
    bench.report("d1", 0, { t: 1, seq: 1 });
    const copy = messageOf("plant/d1", '{"ts":1800003600000,"t":1,"seq":1}', { packetId: 4 });
    bench.message(copy);
    bench.session(true);
    bench.message(copy);
    assertEquals(bench.ledger.beside.duplicate_assumed, 0);
    assertEquals(bench.ledger.messages.duplicate >= 1, true);
  }
});

Deno.test("a session that the broker lost has no copies: nothing matches", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 1, 20);
  bench.session(false);
  send(bench, 1, 20, true);
  assertEquals(said(bench), { processed: 2, duplicate: 0, assumed: 0 });
});

Deno.test("a copy is found again after a crash", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 1, 20);
  bench.session(true);
  bench.crash();
  send(bench, 1, 20);
  assertEquals(said(bench), { processed: 1, duplicate: 1, assumed: 1 });
});

Deno.test("QoS 0 and the embedded broker have no identifiers, and no copies", () => {
  const bench = new RiverBench(PLAIN);
  send(bench, 0, 20);
  bench.session(true);
  send(bench, 0, 20, true);
  assertEquals(said(bench), { processed: 2, duplicate: 0, assumed: 0 });
});

Deno.test("a copy of a message that nobody takes, or that was refused, is a duplicate like any other", () => {
  const bench = new RiverBench(rulesOf(profile([field("t", NONE)]), { limits: { devices: 1 } }));
  bench.report("d1", 0, { t: 1 });
  const topics = ["elsewhere", "plant/\u0001", "plant/one-too-many", "plant/d1"];
  topics.forEach((topic, index) => {
    const message = messageOf(topic, "no JSON", { packetId: 10 + index });
    bench.message(message);
    bench.message({ ...message, dup: true });
  });
  assertEquals(bench.out.reasons, ["bad_tag", "cardinality", "undecodable"]);
  const { received, processed, filtered, quarantined, duplicate } = bench.ledger.messages;
  assertEquals([received, processed, filtered, quarantined, duplicate], [9, 1, 1, 3, 4]);
});

Deno.test("the memory reaches as far back as it was told, and no further", () => {
  const twins = new Twins(3);
  for (const id of [1, 2, 3, 4]) twins.judge(messageOf("t", "", { packetId: id }), id);
  const verdicts = [4, 3, 2, 1].map((id) => twins.judge(messageOf("t", "", { packetId: id, dup: true }), id));
  assertEquals(verdicts, ["duplicate", "duplicate", "duplicate", "first"]);
});

Deno.test("a smaller memory forgets at once, so that a crash right after makes no difference", () => {
  const twins = new Twins(3);
  for (const id of [1, 2, 3]) twins.judge(messageOf("t", "", { packetId: id }), id);
  twins.depth = 1;
  const restored = new Twins(1);
  restored.restore(structuredClone(twins.snapshot()));
  for (const each of [twins, restored]) {
    const verdicts = [1, 3].map((id) => each.judge(messageOf("t", "", { packetId: id, dup: true }), id));
    assertEquals(verdicts, ["first", "first"]);
  }
});

Deno.test("an identifier that the broker uses again stands for the newest message only", () => {
  const twins = new Twins(10);
  const judge = (hash: number, dup: boolean) => twins.judge(messageOf("t", "", { packetId: 7, dup }), hash);
  assertEquals([judge(1, false), judge(2, false), judge(1, true), judge(1, true), judge(2, true)], [
    "first",
    "first",
    "first",
    "duplicate",
    "first",
  ]);
});
