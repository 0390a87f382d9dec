/// <reference lib="dom" />
import type { Alert } from "../../api/mod.ts";
import { on, say } from "./actions.ts";
import { send } from "./api.ts";

/** Lets the buttons of alerts do what they say; `changed` shows what came of it. */
export function startAlertActs(changed: () => Promise<void>): void {
  on("acknowledge", async (button) => {
    const note = button.parentElement?.querySelector<HTMLInputElement>("input[name=note]")?.value.trim() ??
      "";
    const path = `/api/v1/alerts/${encodeURIComponent(button.dataset.id ?? "")}/ack`;
    const answer = await send<Alert>("POST", path, note === "" ? {} : { note });
    if (answer.ok) say(`Acknowledged: ${answer.value.summary}`);
    else say(`It was not acknowledged: ${answer.detail}`, true);
    await changed();
  });
  on("silence", async (button) => {
    const { rule, device, minutes } = button.dataset;
    const until = button.parentElement?.querySelector<HTMLInputElement>("input[name=until]")?.value ?? "";
    if (minutes === undefined && until === "") {
      return say("Say until when: the field before the button is empty", true);
    }
    const length = minutes === undefined
      ? { until: new Date(until).toISOString() }
      : { minutes: Number(minutes) };
    const answer = await send("POST", "/api/v1/silences", { rule, device, ...length });
    if (answer.ok) say(`Silenced: ${rule} on ${device}`);
    else say(`It was not silenced: ${answer.detail}`, true);
    button.closest("details")?.removeAttribute("open");
    await changed();
  });
  on("unsilence", async (button) => {
    const answer = await send("DELETE", `/api/v1/silences/${encodeURIComponent(button.dataset.id ?? "")}`);
    if (answer.ok) say("The silence has ended");
    else say(`The silence was not ended: ${answer.detail}`, true);
    await changed();
  });
}
