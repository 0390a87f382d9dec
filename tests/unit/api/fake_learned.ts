import type { AcceptOutcome, LearnedKind, LearnedView, LearnedWish } from "../../../src/api/mod.ts";

/** A kind of message that is understood. */
export function sampleLearned(change: Partial<LearnedKind> = {}): LearnedKind {
  return {
    id: "k1",
    topic: "hall/{device}/climate",
    example_topic: "hall/sensor-1/climate",
    devices: 2,
    messages: 14,
    first_seen_at: "2026-07-01T14:00:00.000Z",
    last_seen_at: "2026-07-01T14:12:29.000Z",
    format: "json",
    cadence_seconds: 10,
    fields: [{
      name: "temperature",
      path: "temperature",
      type: "float",
      unit: "degC",
      min: 20.5,
      max: 22,
      example: "21.5",
      share: 1,
    }],
    profile_yaml: "profile: climate\nfields:\n  temperature: { type: float }\n",
    subscription_yaml: '- topic: "hall/{device}/climate"\n  profile: climate\n',
    state: "proposed",
    ...change,
  };
}

/** What is learned, with what was wished for so far. */
export interface FakeLearned extends LearnedView {
  /** Wishes, in order. */
  readonly wishes: LearnedWish[];
}

/** Two kinds: `k1` is proposed, `k2` is not yet; `outcome` becomes of an acceptance of `k1`. */
export function fakeLearned(
  outcome: AcceptOutcome = {
    kind: "accepted",
    profile: "climate",
    topics: ["hall/{device}/climate"],
    files: ["profiles/climate.yaml", "gateway.yaml"],
  },
): FakeLearned {
  const wishes: LearnedWish[] = [];
  let kinds = [
    sampleLearned(),
    sampleLearned({ id: "k2", state: "learning", profile_yaml: "", subscription_yaml: "" }),
  ];
  return {
    wishes,
    learned({ limit, after }) {
      const from = after === null ? 0 : kinds.findIndex(({ id }) => id === after) + 1;
      const items = kinds.slice(from, from + limit);
      return { items, next_cursor: kinds.length > from + limit ? items.at(-1)?.id ?? null : null };
    },
    howTo: () => ({ broker_url: "mqtt://127.0.0.1:1883", example_command: "mosquitto_pub -h 127.0.0.1" }),
    accept(id, wish) {
      wishes.push(wish);
      if (!kinds.some((kind) => kind.id === id)) return Promise.resolve({ kind: "unknown" });
      return Promise.resolve(id === "k2" && wish.profileYaml === null ? { kind: "not_proposed" } : outcome);
    },
    dismiss(id) {
      const topic = kinds.find((kind) => kind.id === id)?.topic;
      kinds = kinds.filter((kind) => kind.id !== id);
      return topic;
    },
  };
}
