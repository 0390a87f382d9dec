import { Dice } from "../../../devices/simulator/dice.ts";

export { Dice };

/** A whole number of 0 … `below` − 1. */
export function nat(dice: Dice, below: number): number {
  return Math.floor(dice.uniform() * below);
}

/** One of them, all alike. */
export function pick<T>(dice: Dice, all: readonly T[]): T {
  const one = all[nat(dice, all.length)];
  if (one === undefined) throw new RangeError("There is nothing to pick from");
  return one;
}
