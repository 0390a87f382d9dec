import { assert, assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import { Device, type DeviceMessage } from "../../../devices/simulator/mod.ts";
import { Dice } from "../../../devices/simulator/dice.ts";

function first(count: number, device: Device): DeviceMessage[] {
  return Array.from({ length: count }, () => device.take());
}

function values(messages: readonly DeviceMessage[], field: string): number[] {
  return messages.map(({ fields }) => Number(fields[field]));
}

Deno.test("the dice throw what sfc32 in C throws", () => {
  // a = 1, b = c = 0, counter = 1, fifteen rounds of warming up, then these.
  const dice = new Dice(1);
  const thrown = Array.from({ length: 4 }, () => dice.uniform() * 2 ** 32);
  assertEquals(thrown, [3_387_734_806, 1_080_862_987, 3_546_521_498, 2_861_869_171]);
});

Deno.test("one seed gives one history, another seed another, another device another", () => {
  for (const index of [0, 1]) {
    assertEquals(first(500, new Device(7, index, 5)), first(500, new Device(7, index, 5)));
    assertNotEquals(first(50, new Device(7, index, 5)), first(50, new Device(8, index, 5)));
    assertNotEquals(first(50, new Device(7, index, 5)), first(50, new Device(7, index + 2, 5)));
  }
});

Deno.test("the start of the run moves the times and nothing else", () => {
  for (const [index, time, unit] of [[0, "ts", 1], [1, "time", 1_000]] as const) {
    const device = new Device(7, index, 5);
    const message = device.take();
    const one = JSON.parse(device.payload(message, 1_000));
    const two = JSON.parse(device.payload(message, 5_000));
    assertEquals(one[time] * unit, 1_000 + message.elapsed);
    assertEquals(two, { ...one, [time]: (5_000 + message.elapsed) / unit });
  }
});

Deno.test("times rise strictly and keep the cadence; sequence numbers count from 1", () => {
  for (const rate of [0.5, 5, 500]) {
    const messages = first(2_000, new Device(3, 1, rate));
    let before = -1;
    for (const [index, { elapsed, sequence }] of messages.entries()) {
      assert(Number.isInteger(elapsed) && elapsed > before, `${before} then ${elapsed}`);
      assertEquals(sequence, index + 1);
      before = elapsed;
    }
    assertLess(Math.abs(before - 2_000_000 / rate), 3_000 / rate);
  }
});

Deno.test("a room is believable: within range, damp when cold, its battery falls, its door is used", () => {
  const messages = Array.from({ length: 6 }, (_, n) => first(9_000, new Device(11, 2 * n, 5))).flat();
  const temperature = values(messages, "temperature");
  const humidity = values(messages, "humidity");
  assert(temperature.every((value) => value > -40 && value < 125));
  assert(humidity.every((value) => value >= 0 && value <= 100));
  assert(messages.some(({ fields }) => fields.door === true));
  assert(messages.some(({ fields }) => fields.door === false));
  assertGreater(temperature.filter((value) => value > 80).length, 0);
  const battery = values(first(9_000, new Device(11, 0, 5)), "battery");
  assertLess(battery.at(-1) ?? 0, battery[0] ?? 0);
});

Deno.test("air that is warmer holds the same water at less relative humidity", () => {
  const messages = first(3_000, new Device(5, 0, 5)).filter(({ fields }) => Number(fields.temperature) < 60);
  const t = values(messages, "temperature");
  const h = values(messages, "humidity");
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mt, mh] = [mean(t), mean(h)];
  const covariance = mean(t.map((value, index) => (value - mt) * ((h[index] ?? 0) - mh)));
  assertLess(covariance, 0);
});

Deno.test("a meter's register never falls and is the sum of its power", () => {
  const messages = first(6_000, new Device(5, 1, 5));
  const registers = messages.flatMap(({ elapsed, fields }) => {
    const register = fields.register;
    return typeof register === "object" && "import" in register
      ? [[elapsed, Number(register.import)] as const]
      : [];
  });
  for (const [index, [, value]] of registers.entries()) {
    assert(Number.isInteger(value) && value >= (registers[index - 1]?.[1] ?? 0));
  }
  const power = values(messages, "power");
  const mean = power.reduce((sum, value) => sum + value, 0) / power.length;
  const [begin, end] = [registers[0] ?? [0, 0], registers.at(-1) ?? [0, 0]];
  const energy = mean * (end[0] - begin[0]) / 3_600_000;
  assertLess(Math.abs(end[1] - begin[1] - energy), energy * 0.02 + 2);
});

Deno.test("a meter is believable: volts in tenths, a grid near 50 Hz, no power behind an open breaker", () => {
  const messages = first(6_000, new Device(5, 1, 5));
  for (const { fields } of messages) {
    assert(Array.isArray(fields.voltage) && fields.voltage.every((value) => value > 1_800 && value < 2_600));
    const grid = JSON.parse(JSON.stringify(fields.grid));
    assert(grid.frequency > 49 && grid.frequency < 51);
    assertEquals(fields.power === 0, fields.breaker_closed === false);
  }
  assert(messages.some(({ fields }) => fields.breaker_closed === false));
});
