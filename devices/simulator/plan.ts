import { Device } from "./device.ts";
import { Dice } from "./dice.ts";
import { type Draft, SOUND, written } from "./faults/draft.ts";
import { Episodes } from "./faults/episodes.ts";
import type { DeviceFault } from "./faults/fault.ts";
import { backfilled } from "./faults/offline_then_backfill.ts";
import { ATTACKS, DEVICE_FAULTS } from "./faults/registry.ts";
import type { Model } from "./models/model.ts";
import { MODELS, SITE_MIX } from "./models/registry.ts";
import type { Planned, Script } from "./script.ts";

/** What a run is to be. */
export interface PlanOptions {
  readonly devices: number;
  /** Messages per second of a device of pace 1. */
  readonly rate: number;
  readonly seed: number;
  /** ms */
  readonly duration: number;
  /** Names of the faults that are switched on. */
  readonly faults: readonly string[];
}

/** Everything that is published in a run, and what the gateway has to be told beforehand. */
export interface Plan {
  readonly scripts: readonly Script[];
  /** Devices that belong to the site: those that faults needed and the mix did not have come on top. */
  readonly devices: number;
  /** Messages per second that the gateway shall take of one device. */
  readonly deviceRate: number;
  /** Whether the gateway shall know no more devices than those. */
  readonly closed: boolean;
}

/** Part of the devices that have a fault. */
const SHARE = 0.5;
/** Longest that a roaming device is out of reach, ms. */
const AWAY = 20_000;

/** Number of the first device that a fault needs beside those of the mix. */
const EXTRA = 500_000;

/** A device that stumbles over a slow machine must not look like a flood: seconds of its messages fit in. */
function deviceRateFor(rate: number): number {
  return Math.max(100, Math.ceil(10 * rate * Math.max(...MODELS.map(({ pace }) => pace))));
}

function* drafts(device: Device, dice: Dice, duration: number, deviceRate: number): Iterable<Draft> {
  function* sound(): Iterable<Draft> {
    while (true) {
      const { elapsed, sequence, fields } = device.take();
      yield { due: elapsed, at: elapsed, sequence, fields, label: SOUND };
    }
  }
  if (device.model.roams !== true) return yield* sound();
  const episodes = new Episodes(dice, duration, Math.max(AWAY, 5 * device.interval));
  yield* backfilled(sound(), episodes, Math.floor(deviceRate / 4), true, SOUND);
}

/** What one device says, with its fault. */
function scriptOf(
  make: () => Device,
  number: number,
  fault: DeviceFault | undefined,
  { seed, duration }: PlanOptions,
  deviceRate: number,
): Script {
  return {
    waits: false,
    *open(startedAt): Iterable<Planned> {
      const device = make();
      const { model, topic, interval } = device;
      // Each has dice of its own, so that switching a fault on changes nothing about the others.
      const dice = new Dice(seed, 1_000_000 + number);
      const own = drafts(device, new Dice(seed, 2_000_000 + number), duration, deviceRate);
      const said = fault?.strike(own, { dice, model, interval, duration, deviceRate }) ?? own;
      for (const draft of said) {
        yield { due: draft.due, topic, payload: written(draft, model, startedAt), label: draft.label };
      }
    },
  };
}

interface Dealt {
  readonly make: () => Device;
  readonly device: Device;
  fault: DeviceFault | undefined;
}

/** Gives each fault its devices, in turn, until the share of the devices has one; each fault strikes at least one. */
function deal(devices: Dealt[], faults: readonly DeviceFault[], { seed, rate }: PlanOptions): void {
  const dice = new Dice(seed, 3_000_000);
  const mixed = devices.map((device) => ({ device, at: dice.uniform() })).sort((a, b) => a.at - b.at);
  const share = devices.length * SHARE;
  let struck = 0;
  for (let round = 0; round === 0 || struck < share; round++) {
    const before = struck;
    for (const fault of faults) {
      if (round > 0 && (struck >= share || round >= (fault.most ?? Infinity))) continue;
      const fits = (model: Model): boolean => fault.fits?.(model) ?? true;
      const free = mixed.find(({ device: one }) => one.fault === undefined && fits(one.device.model))?.device;
      struck++;
      if (free !== undefined) free.fault = fault;
      else if (round > 0) struck--;
      else {
        const model = MODELS.find(fits) ?? SITE_MIX[0];
        const mix = model === undefined ? SITE_MIX : [model];
        // Numbers that the mix has not dealt out.
        const make = (): Device => new Device(seed, EXTRA + faults.indexOf(fault), rate, mix);
        devices.push({ make, device: make(), fault });
      }
    }
    if (struck === before) return;
  }
}

/** Everything that a run publishes, decided by its options alone. */
export function planOf(options: PlanOptions): Plan {
  const { devices: count, rate, seed, faults } = options;
  const deviceRate = deviceRateFor(rate);
  const devices = Array.from({ length: count }, (_, index): Dealt => {
    const make = (): Device => new Device(seed, index, rate, SITE_MIX);
    return { make, device: make(), fault: undefined };
  });
  const chosen = DEVICE_FAULTS.filter(({ name }) => faults.includes(name));
  if (chosen.length > 0) deal(devices, chosen, options);
  const sound = devices.filter(({ fault }) => fault === undefined).map(({ device }) => device);
  const target = { seed, rate, devices: sound };
  const attacks = ATTACKS.filter(({ name }) => faults.includes(name));
  return {
    scripts: [
      ...devices.map(({ make, fault }, number) => scriptOf(make, number, fault, options, deviceRate)),
      ...attacks.flatMap((attack) => attack.scripts(target)),
    ],
    devices: devices.length,
    deviceRate,
    closed: faults.includes("unknown_device"),
  };
}
