import { Device } from "../device.ts";
import { MODELS } from "../models/registry.ts";
import type { Script } from "../script.ts";
import type { Attack } from "./attack.ts";
import { SOUND, written } from "./draft.ts";

/** Numbers that no device of the site has. */
const STRANGE = 900_000;
/** Kinds of strangers. */
const KINDS = MODELS.filter((model) => model.personal !== true).slice(0, 3);

/**
 * Devices that nobody ordered, with sound messages: the site's configuration has room for its own devices and no
 * more, so each message belongs into the quarantine. They wait until all others are known.
 */
export const unknownDevice: Attack = {
  name: "unknown_device",
  scripts: ({ seed, rate }) =>
    KINDS.map((model, index): Script => ({
      waits: true,
      *open(startedAt) {
        const stranger = new Device(seed, STRANGE + index, rate, [model]);
        const label = {
          fault: unknownDevice.name,
          fate: { kind: "quarantined", reason: "cardinality" },
        } as const;
        while (true) {
          const { elapsed, sequence, fields } = stranger.take();
          const draft = { due: elapsed, at: elapsed, sequence, fields, label: SOUND };
          yield { due: elapsed, topic: stranger.topic, payload: written(draft, model, startedAt), label };
        }
      },
    })),
};
