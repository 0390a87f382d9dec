import { Dice } from "../dice.ts";
import type { Attack } from "./attack.ts";

/** Mean pause between two messages, ms. */
const PAUSE = 700;

/** Topics beside what the site subscribes to: orders, other spellings, levels too many and too few. */
const TOPICS = [
  "site/north/climate/climate-001/set",
  "site/north/climate",
  "Site/north/climate/climate-001",
  "plant/valves/open",
  "site/north/admin/root",
  "/site/north/power/power-001",
  "cmnd/power-001/POWER",
] as const;

/** Messages on topics that nobody subscribed to: they never enter the gateway. */
export const foreignTopic: Attack = {
  name: "foreign_topic",
  scripts({ seed }) {
    return [{
      waits: false,
      *open(startedAt) {
        const dice = new Dice(seed, 3_000_001);
        const label = { fault: foreignTopic.name, fate: { kind: "not_taken" } } as const;
        let due = 0;
        while (true) {
          due += PAUSE * dice.between(0.5, 1.5);
          const topic = TOPICS[Math.floor(dice.uniform() * TOPICS.length)] ?? TOPICS[0];
          yield {
            due,
            topic,
            payload: JSON.stringify({ ts: startedAt + Math.round(due), open: true }),
            label,
          };
        }
      },
    }];
  },
};
