import type { Attack } from "./attack.ts";
import { badgeGuessing } from "./badge_guessing.ts";
import { burst } from "./burst.ts";
import { clockJump } from "./clock_jump.ts";
import { clockSkew } from "./clock_skew.ts";
import { dropout } from "./dropout.ts";
import { duplicate } from "./duplicate.ts";
import type { DeviceFault } from "./fault.ts";
import { flood } from "./flood.ts";
import { foreignTopic } from "./foreign_topic.ts";
import { malformed } from "./malformed.ts";
import { offlineThenBackfill } from "./offline_then_backfill.ts";
import { outOfOrder } from "./out_of_order.ts";
import { schemaProbing } from "./schema_probing.ts";
import { sequenceReset } from "./sequence_reset.ts";
import { spike } from "./spike.ts";
import { stuck } from "./stuck.ts";
import { unknownDevice } from "./unknown_device.ts";
import { wrongType } from "./wrong_type.ts";

/** What can go wrong with a device. */
export const DEVICE_FAULTS: readonly DeviceFault[] = [
  dropout,
  burst,
  duplicate,
  outOfOrder,
  clockSkew,
  clockJump,
  offlineThenBackfill,
  stuck,
  spike,
  malformed,
  wrongType,
  sequenceReset,
  flood,
  badgeGuessing,
];

/** Who publishes beside the devices. */
export const ATTACKS: readonly Attack[] = [unknownDevice, foreignTopic, schemaProbing];

/** Everything that can be switched on. */
export const FAULTS: readonly string[] = [...DEVICE_FAULTS, ...ATTACKS].map(({ name }) => name);

/** Names over several lines, none longer than the help. */
export function listed(names: readonly string[], indent: number): string {
  const lines = [""];
  for (const name of names) {
    const line = lines.at(-1) ?? "";
    if (line.length + name.length > 90) lines.push(name);
    else lines[lines.length - 1] = line === "" ? name : `${line} ${name}`;
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}
