import type { ExplainAnswer, ExplainStep } from "../../api/mod.ts";
import { explain, type Explanation, type Step } from "../../explain/mod.ts";
import { encodeLine } from "../../forward/mod.ts";
import type { River } from "../../pipeline/mod.ts";

const TITLES: Readonly<Record<Step["step"], string>> = {
  subscription: "Subscription",
  device: "Device",
  decoded: "Decoded",
  field: "Reading",
  time: "Time",
  refused: "Refused",
  sampled: "Left out",
  window: "Window",
  point: "Point",
  alert: "Alert",
};

/** A step as the API tells it. */
export function stepOf(
  step: string,
  outcome: ExplainStep["outcome"],
  title: string,
  text: string,
  facts: ExplainStep["facts"] = {},
): ExplainStep {
  return { step, outcome, title, text, facts };
}

/** The way of a message through the very same stages as a live one, on a river that knows nothing yet. */
export function explained(river: River, topic: string, payload: Uint8Array, receivedAt: number): Explanation {
  return explain(river.rules, topic, payload, receivedAt, river.keyring);
}

/** The steps of a way. */
export function stepsOf({ steps }: Explanation): ExplainStep[] {
  return steps.map(({ step, goesOn, text }) =>
    stepOf(step, goesOn ? "ok" : step === "sampled" ? "info" : "refused", TITLES[step], text)
  );
}

/** The way of a message as the API tells it. */
export function answerOf(way: Explanation, before: readonly ExplainStep[] = []): ExplainAnswer {
  return {
    steps: [...before, ...stepsOf(way)],
    points: way.points.map(encodeLine),
    alerts: way.alerts.map(({ rule, severity, summary }) => `${rule} (${severity}): ${summary}`),
  };
}
