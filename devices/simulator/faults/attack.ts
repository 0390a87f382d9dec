import type { Device } from "../device.ts";
import type { Script } from "../script.ts";

/** What an attacker knows of the site. */
export interface Target {
  readonly seed: number;
  /** Messages per second of a device. */
  readonly rate: number;
  /** Sound devices, on whose topics somebody else can publish too. */
  readonly devices: readonly Device[];
}

/**
 * Somebody who publishes beside the devices: one file in this folder and one line in `registry.ts`.
 */
export interface Attack {
  /** As it is switched on. */
  readonly name: string;
  /** What is published. */
  scripts(target: Target): readonly Script[];
}
