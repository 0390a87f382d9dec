import { assertEquals, assertMatch } from "@std/assert";
import type { ConnectionFailure } from "../../../src/ingest/failure.ts";
import type { IntakeEvent } from "../../../src/ingest/mod.ts";
import { StallWatch } from "../../../src/ingest/stall_watch.ts";
import { ManualClock } from "../../support/manual_clock.ts";

const SECOND = 1_000;

/** A session with a broker and a second client, each of which does as the test says; a probe is due every 10 s. */
class Scene {
  readonly clock = new ManualClock();
  readonly flow = { probeTopic: "sluice/probe/x", arrivals: 0, busy: false };
  readonly cuts: ConnectionFailure[] = [];
  readonly events: IntakeEvent[] = [];
  /** Probes that were published. */
  readonly published: string[] = [];
  /** Pings that wait for their answer. */
  readonly pings: (() => void)[] = [];
  pinged = 0;
  asked = 0;
  /** What the broker does. */
  pong = true;
  delivers = true;
  grants: number | undefined = 1;
  echoes: "back" | "never" | "refused" = "back";
  connection = this.#connect();
  readonly watch = new StallWatch(
    {
      every: 10 * SECOND,
      echo: (_topic, payload, signal): Promise<void> => {
        this.published.push(payload);
        if (this.delivers) queueMicrotask(() => this.watch.returned(payload));
        if (this.echoes === "back") return Promise.resolve();
        if (this.echoes === "refused") return Promise.reject(new Error("the broker says no"));
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(new Error("given up")))
        );
      },
    },
    this.flow,
    this.clock,
    () => 0.5,
    {
      onEvent: (event) => void this.events.push(event),
      cut: (failure) => void this.cuts.push(failure),
    },
  );

  #connect(): {
    received: number;
    ping(answered: () => void): void;
    subscribe(): Promise<number[] | undefined>;
  } {
    const connection = {
      received: 1,
      ping: (answered: () => void): void => {
        this.pinged++;
        if (!this.pong) return void this.pings.push(answered);
        connection.received += 2;
        queueMicrotask(answered);
      },
      subscribe: (): Promise<number[] | undefined> => {
        this.asked++;
        return Promise.resolve(this.grants === undefined ? undefined : [this.grants]);
      },
    };
    return connection;
  }

  /** A connection is made, or made anew. */
  async begin(): Promise<void> {
    this.connection = this.#connect();
    await this.watch.begin(this.connection);
  }

  /** Lets time pass, with what the broker does in between. */
  async pass(seconds: number): Promise<void> {
    for (let n = 0; n < seconds; n++) {
      this.clock.advance(SECOND);
      for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    }
  }
}

Deno.test("silence is asked about after 2 s, and from then on every 10 s; answers change nothing", async () => {
  const scene = new Scene();
  await scene.begin();
  await scene.pass(1);
  assertEquals([scene.published.length, scene.pinged], [0, 0]);
  await scene.pass(1);
  assertEquals(scene.published.length, 1);
  await scene.pass(30);
  assertEquals([scene.published.length, new Set(scene.published).size], [4, 4]);
  assertEquals([scene.cuts, scene.events], [[], []]);
});

Deno.test("messages are the best proof: while they come nothing is asked, and soon after the last one is", async () => {
  const scene = new Scene();
  await scene.begin();
  for (let n = 0; n < 60; n++) {
    scene.flow.arrivals++;
    await scene.pass(1);
  }
  assertEquals([scene.published.length, scene.pinged], [0, 0]);
  await scene.pass(2);
  assertEquals(scene.published.length, 1);
});

Deno.test("a probe that comes back to the second client alone cuts the session after 5 s", async () => {
  const scene = new Scene();
  scene.delivers = false;
  await scene.begin();
  await scene.pass(6);
  assertEquals(scene.cuts, []);
  await scene.pass(1);
  assertEquals(scene.cuts, [{ reason: "stalled", after: 5_000 }]);
  await scene.pass(60);
  assertEquals([scene.cuts.length, scene.published.length, scene.events], [1, 1, []]);
});

Deno.test("no answer to a ping cuts the session, whether or not a probe could be sent", async () => {
  for (const grants of [1, 128]) {
    const scene = new Scene();
    Object.assign(scene, { pong: false, delivers: false, echoes: "never", grants });
    await scene.begin();
    await scene.pass(6);
    assertEquals(scene.cuts, []);
    await scene.pass(1);
    assertEquals(scene.cuts, [{ reason: "silent", after: 5_000 }]);
  }
});

Deno.test("bytes that come are life: a large message on a slow line is waited for, its probe not judged", async () => {
  const scene = new Scene();
  Object.assign(scene, { pong: false, delivers: false });
  await scene.begin();
  for (let n = 0; n < 120; n++) {
    scene.connection.received += 100;
    await scene.pass(1);
  }
  assertEquals([scene.cuts, scene.events, scene.published.length], [[], [], 1]);
});

Deno.test("what a probe of an earlier connection or process brings back does not count", async () => {
  const scene = new Scene();
  scene.delivers = false;
  await scene.begin();
  await scene.pass(2);
  for (const payload of ["8-1", "", `${scene.published[0]}0`]) scene.watch.returned(payload);
  await scene.pass(5);
  assertEquals(scene.cuts.length, 1);
  await scene.begin();
  await scene.pass(2);
  scene.watch.returned(scene.published[0] ?? "");
  await scene.pass(120);
  assertEquals(scene.cuts.length, 2);
});

Deno.test("a gateway that holds back itself does not blame the broker", async () => {
  const scene = new Scene();
  scene.delivers = false;
  await scene.begin();
  await scene.pass(3);
  Object.assign(scene, { pong: false });
  scene.flow.busy = true;
  await scene.pass(120);
  assertEquals([scene.cuts, scene.published.length], [[], 1]);
});

for (const echoes of ["never", "refused"] as const) {
  Deno.test(`probes that come back to nobody (${echoes}) are said once and stop; pings go on`, async () => {
    const scene = new Scene();
    Object.assign(scene, { delivers: false, echoes });
    await scene.begin();
    await scene.pass(300);
    assertEquals([scene.cuts, scene.published.length], [[], 3]);
    const [event, ...more] = scene.events;
    assertEquals([event?.kind, more], ["unprobed", []]);
    assertMatch(JSON.stringify(event), echoes === "never" ? /nothing has come back/ : /the broker says no/);
    const { pinged } = scene;
    await scene.pass(60);
    assertEquals(scene.pinged - pinged, 6);
    await scene.begin();
    await scene.pass(300);
    assertEquals([scene.published.length, scene.events.length, scene.cuts], [6, 1, []]);
  });
}

Deno.test("probes that came back before go on while the second client has trouble of its own", async () => {
  const scene = new Scene();
  await scene.begin();
  await scene.pass(10);
  Object.assign(scene, { delivers: false, echoes: "refused" });
  await scene.pass(300);
  assertEquals([scene.cuts, scene.events.length], [[], 1]);
  Object.assign(scene, { delivers: true, echoes: "back" });
  await scene.pass(20);
  Object.assign(scene, { delivers: false, echoes: "back" });
  await scene.pass(20);
  assertEquals(scene.cuts.length, 1);
});

Deno.test("a refused subscription is said once, and no probe is sent", async () => {
  const scene = new Scene();
  scene.grants = 135;
  for (let n = 0; n < 3; n++) {
    await scene.begin();
    await scene.pass(60);
  }
  assertEquals([scene.published.length, scene.cuts.length, scene.events.length], [0, 0, 1]);
});

Deno.test("a broker that closes the connection over the subscription is not asked a third time", async () => {
  const scene = new Scene();
  scene.grants = undefined;
  for (let n = 0; n < 4; n++) {
    await scene.begin();
    scene.watch.end();
  }
  assertEquals([scene.asked, scene.events.length], [2, 1]);
});

Deno.test("a cut that does not help is repeated after 1, 2, 4 minutes and so on, at last every hour", async () => {
  const scene = new Scene();
  scene.delivers = false;
  const times: number[] = [];
  await scene.begin();
  while (times.length < 9 && scene.clock.monotonic() < 5 * 3_600 * SECOND) {
    await scene.pass(1);
    if (scene.cuts.length === times.length) continue;
    times.push(scene.clock.monotonic() / SECOND);
    await scene.begin();
  }
  const waits = times.slice(1).map((time, n) => Math.round((time - (times[n] ?? 0)) / 60));
  assertEquals(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
  scene.delivers = true;
  await scene.pass(20);
  scene.delivers = false;
  await scene.pass(20);
  assertEquals(scene.cuts.length, 10);
});

Deno.test("messages after a cut show that it helped, where probes are known to come back", async () => {
  for (const known of [true, false]) {
    const scene = new Scene();
    scene.delivers = known;
    await scene.begin();
    await scene.pass(12);
    scene.delivers = false;
    for (let n = 0; n < 3; n++) {
      // They come at once, before the subscription is answered.
      scene.flow.arrivals++;
      await scene.begin();
      await scene.pass(12);
      scene.watch.end();
    }
    assertEquals(scene.cuts.length, known ? 3 : 1);
  }
});

Deno.test("after its end nothing is asked and nothing cut", async () => {
  const scene = new Scene();
  Object.assign(scene, { delivers: false, pong: false, echoes: "never" });
  await scene.begin();
  await scene.pass(3);
  scene.watch.end();
  await scene.pass(60);
  for (const answered of scene.pings) answered();
  assertEquals([scene.published.length, scene.cuts, scene.events], [1, [], []]);
});
