import { assertEquals } from "@std/assert";
import type { AlertEvent, AlertRule, Silence } from "../../../src/model/mod.ts";
import { AlertStage } from "../../../src/alerts/mod.ts";
import { rule, silentRule, stream, TOPIC } from "./build.ts";

/** A silence of everything from 0 to 100 s, unless told otherwise. */
function silence(over: Partial<Silence> = {}): Silence {
  return { id: "s1", rule: null, device: "*", reason: null, by: "anna", since: 0, until: 100_000, ...over };
}

/** A stage under a rule above 80 on `kiln-1`, and what it says in short. */
class Bench {
  stage: AlertStage;
  readonly events: AlertEvent[] = [];
  readonly #rules: readonly AlertRule[];

  constructor(rules: readonly AlertRule[] = [rule()]) {
    this.#rules = rules;
    this.stage = new AlertStage(rules);
  }

  /** A reading at a second, of a record that comes at the same time. */
  read(value: number, second: number, device = "kiln-1"): void {
    for (const watcher of this.stage.watchersFor(stream({ device }), TOPIC, "temperature", null)) {
      watcher.reading(value, second * 1_000, second * 1_000, this.take);
    }
  }

  /** Time passes: a record without a message. */
  tick(second: number): void {
    this.stage.endSilences(second * 1_000, this.take);
  }

  /** Dies and comes back. */
  crash(): void {
    this.stage = new AlertStage(this.#rules, JSON.parse(JSON.stringify(this.stage.snapshot())));
  }

  /** What was said since the last call: the change, when, with which value, whom it is for. */
  said(): string[] {
    return this.events.splice(0).map(({ transition, at, firedAt, value, notify, late }) =>
      `${late === true ? "late " : ""}${transition} ${at / 1_000} of ${firedAt / 1_000}: ${value} to ${
        notify.length === 0 ? "nobody" : notify.join()
      }`
    );
  }

  readonly take = (event: AlertEvent): unknown => this.events.push(event);
}

Deno.test("A13: a silence covers what its rule and its glob both match, and nothing else", () => {
  const cases: [Partial<Silence>, boolean][] = [
    [{ rule: "too-hot", device: null }, true],
    [{ rule: "silent", device: null }, false],
    [{ device: "kiln-?" }, true],
    [{ device: "oven-*" }, false],
    [{ rule: "too-hot", device: "oven-*" }, false],
    [{ rule: "silent", device: "kiln-*" }, false],
    [{ rule: "too-hot", device: "kiln-1" }, true],
  ];
  for (const [over, covered] of cases) {
    const on = new Bench();
    on.stage.silence(silence(over));
    on.read(90, 1);
    assertEquals(on.said(), [`firing 1 of 1: 90 to ${covered ? "nobody" : "ops"}`], JSON.stringify(over));
    assertEquals(on.stage.active()[0]?.silencedUntil, covered ? 100_000 : null);
  }
});

Deno.test("A13: it ends with the wall clock of a firing's record, before any tick has taken it out", () => {
  const on = new Bench();
  on.stage.silence(silence());
  on.read(90, 99.999, "a");
  on.read(90, 100, "b");
  assertEquals(on.said(), ["firing 99.999 of 99.999: 90 to nobody", "firing 100 of 100: 90 to ops"]);
  assertEquals(on.stage.silences.all.length, 1);
  on.tick(100);
  assertEquals(on.stage.silences.all, []);
  assertEquals(on.said(), ["late firing 99.999 of 99.999: 90 to ops"]);
});

Deno.test("A14: what fires under a silence fires all the same, and nobody is told", () => {
  const on = new Bench();
  on.stage.silence(silence());
  on.read(90, 1);
  assertEquals(on.stage.active().map(({ state }) => state), ["firing"]);
  assertEquals(on.said(), ["firing 1 of 1: 90 to nobody"]);
});

Deno.test("A15: the end is told exactly where the firing was", () => {
  const on = new Bench();
  on.read(90, 1);
  on.stage.silence(silence());
  on.read(20, 2);
  assertEquals(on.said(), ["firing 1 of 1: 90 to ops", "resolved 2 of 1: 20 to ops"]);
  on.read(91, 3);
  on.read(20, 4);
  assertEquals(on.said(), ["firing 3 of 3: 91 to nobody", "resolved 4 of 3: 20 to nobody"]);
  on.tick(200);
  assertEquals(on.said(), [], "what has ended is not told late");
});

Deno.test("A16: what still fires when its silence ends is told then, with the time and value of its firing", () => {
  const on = new Bench();
  on.stage.silence(silence());
  on.read(90, 1);
  on.read(99, 2);
  on.tick(99);
  assertEquals(on.said(), ["firing 1 of 1: 90 to nobody"]);
  on.tick(100);
  assertEquals(on.said(), ["late firing 1 of 1: 90 to ops"]);
  on.tick(101);
  on.read(20, 102);
  assertEquals(on.said(), ["resolved 102 of 1: 20 to ops"], "once, and its end like any other");
});

Deno.test("A16: a person who ends a silence has what still fires told; one who ends another has not", () => {
  const on = new Bench();
  on.stage.silence(silence());
  on.stage.silence(silence({ id: "s2", rule: "too-hot", device: null, until: 50_000 }));
  on.read(90, 1);
  assertEquals(on.stage.active()[0]?.silencedUntil, 100_000, "the longer one counts");
  assertEquals(on.stage.unsilence("s1", 2_000, on.take), "removed");
  assertEquals(on.said(), ["firing 1 of 1: 90 to nobody"], "the other one still covers it");
  assertEquals(on.stage.unsilence("s1", 3_000, on.take), "unknown");
  assertEquals(on.stage.unsilence("s2", 4_000, on.take), "removed");
  assertEquals(on.said(), ["late firing 1 of 1: 90 to ops"]);
});

Deno.test("A16: a dead-man that was silenced is told late as well", () => {
  const on = new Bench([silentRule()]);
  const [deadman] = on.stage.deadmenFor(stream(), TOPIC);
  if (deadman === undefined) throw new Error("The rule concerns nothing");
  on.stage.silence(silence());
  deadman.alive(0, 0, on.take);
  on.stage.due(deadman.index, 60_000, 60_000, 60_000, on.take);
  on.crash();
  on.tick(100);
  on.stage.deadmenFor(stream(), TOPIC)[0]?.alive(101_000, 101_000, on.take);
  assertEquals(on.said(), [
    "firing 60 of 60: null to nobody",
    "late firing 60 of 60: null to ops",
    "resolved 101 of 60: null to ops",
  ]);
});

Deno.test("A17: what someone takes care of is not told late, nor is its end", () => {
  const on = new Bench();
  on.stage.silence(silence());
  on.read(90, 1);
  const [alert] = on.stage.active();
  on.stage.acknowledge(alert?.id ?? "", { by: "anna", at: 2_000, note: null });
  on.tick(100);
  on.read(20, 101);
  assertEquals(on.said(), ["firing 1 of 1: 90 to nobody", "resolved 101 of 1: 20 to nobody"]);
});

Deno.test("A18: a clock set back by more than an hour ends a silence that it would have kept for years", () => {
  const year = 365 * 86_400_000;
  const on = new Bench();
  on.stage.silence(silence({ since: year, until: year + 60_000 }));
  on.read(90, (year - 3_600_000) / 1_000, "a");
  on.read(90, 5, "b");
  on.tick((year - 3_600_000) / 1_000);
  assertEquals(on.said().map((text) => text.split(" to ")[1]), ["nobody", "ops"]);
  on.tick(5);
  assertEquals([on.stage.silences.all, on.said().length], [[], 1]);
});

Deno.test("A19: a thousand silences are the most, and one that is there is not added again", () => {
  const on = new Bench();
  for (let n = 0; n < 1_000; n++) {
    assertEquals(on.stage.silence(silence({ id: `s${n}`, until: 1_000 + n })), "silenced");
  }
  assertEquals(on.stage.silence(silence({ id: "more" })), "too_many");
  assertEquals(on.stage.silence(silence({ id: "s7" })), "silenced");
  assertEquals([on.stage.silences.all.length, on.stage.silences.nextEnd], [1_000, 1_000]);
  on.tick(1.5);
  assertEquals([on.stage.silences.all.length, on.stage.silences.nextEnd], [499, 1_501]);
});

Deno.test("R1, R2: silences outlast a reload and a restart, and so does what nobody has heard of", () => {
  const on = new Bench();
  on.stage.silence(silence());
  on.read(90, 1);
  on.stage.replaceRules([rule(), rule({ name: "new", field: "other" })], 2_000, on.take);
  on.crash();
  assertEquals(on.stage.silences.all, [silence()]);
  on.tick(100);
  assertEquals(on.said(), ["firing 1 of 1: 90 to nobody", "late firing 1 of 1: 90 to ops"]);
});
