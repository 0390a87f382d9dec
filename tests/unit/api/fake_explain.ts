/**
 * What the fake gateway explains: whatever it is asked, it says what it was asked; the quarantine holds entries from
 * 0 to 4.
 * @module
 */
import type { ExplainAnswer, ExplainView } from "../../../src/api/mod.ts";

/** Answers with one step that says the question. */
export function fakeExplain(): ExplainView {
  const answer = (step: string, text: string): ExplainAnswer => ({
    steps: [{ step, outcome: "ok", title: "Asked", text, facts: { asked: text } }],
    points: ["climate,device=kiln-3 temperature_mean=20 1"],
    alerts: [],
  });
  return {
    message: (topic, payload) => answer("message", `${topic} ${payload.toHex()}`),
    quarantined: (id) => Promise.resolve(id > 4 ? undefined : answer("quarantined", String(id))),
    reading: (device, ms, field) => Promise.resolve(answer("found", `${device} ${ms} ${field}`)),
  };
}
