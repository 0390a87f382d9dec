/// <reference lib="dom" />
import { loadNew, type NewData } from "../data/learned.ts";
import { HowTo, LearnedProposals } from "../parts/learned_list.tsx";
import { on, say } from "./actions.ts";
import { ask, newer, send } from "./api.ts";
import { lastStatus } from "./frame.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** How often it is asked what was learned, ms. */
const EVERY = 3_000;

/** The page of new devices, live. */
export function startNew(start: PageStart): LivePage {
  let data = start.page as NewData;
  const { viewer } = start;
  const draw = (): void => {
    const now = lastStatus()?.now ?? start.status?.now ?? "";
    show("learned", LearnedProposals, { learned: data.learned, now, viewer });
    show("how-to", HowTo, { learned: data.learned });
  };
  const refresh = async (): Promise<void> => {
    data = { learned: newer((await loadNew(ask)).learned, data.learned) };
    draw();
  };
  on("accept", async (button) => {
    const texts = Object.fromEntries(
      [...button.closest("article")?.querySelectorAll("textarea") ?? []].map((
        each,
      ) => [each.name, each.value]),
    );
    const body = { profile_yaml: texts.profile, subscription_yaml: texts.subscription };
    const path = `/api/v1/learned/${encodeURIComponent(button.dataset.id ?? "")}/accept`;
    const answer = await send<{ readonly profile: string }>("POST", path, body);
    if (answer.ok) say(`Taken in: what comes from now on is kept under the profile ${answer.value.profile}`);
    else say(`It was not accepted: ${answer.detail}`, true);
    await refresh();
  });
  on("dismiss", async (button) => {
    const answer = await send("DELETE", `/api/v1/learned/${encodeURIComponent(button.dataset.id ?? "")}`);
    if (!answer.ok) say(`It was not dismissed: ${answer.detail}`, true);
    await refresh();
  });
  draw();
  return {
    topics: ["learned", "config"],
    every: EVERY,
    refresh,
    learned: () => void refresh(),
    config: () => void refresh(),
  };
}
