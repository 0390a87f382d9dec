/// <reference lib="dom" />
import type { ExplainAnswer } from "../../api/mod.ts";
import { ExplanationSteps } from "../parts/explanation.tsx";
import { say } from "./actions.ts";
import { send } from "./api.ts";
import { show } from "./mount.tsx";

/** Asks the gateway to explain something, and shows the steps in `#explained`. */
export async function explain(question: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await send<ExplainAnswer>("POST", "/api/v1/explain", question);
  if (!answer.ok) return say(`It cannot be explained: ${answer.detail}`, true);
  show("explained", ExplanationSteps, { explanation: answer.value });
}

/** Lets the form for a past reading do what it says. */
export function startExplainForm(): void {
  const form = document.getElementById("past-form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!(form instanceof HTMLFormElement)) return;
    const time = String(new FormData(form).get("time") ?? "").trim();
    void explain({ device: form.dataset.device ?? "", time });
  });
}
