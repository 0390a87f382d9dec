/// <reference lib="dom" />
import type { ConfigReloadAnswer, ConfigValidation } from "../../api/mod.ts";
import { loadSettings, type SettingsData } from "../data/settings.ts";
import { AuditList } from "../parts/audit_list.tsx";
import { ConfigCheck } from "../parts/config_check.tsx";
import { plural } from "../parts/words.ts";
import { on, say } from "./actions.ts";
import { ask, newer, send } from "./api.ts";
import { lastStatus } from "./frame.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** How often the audit is asked for anew, ms. */
const EVERY = 15_000;

/** The page of settings, live. */
export function startSettings(start: PageStart): LivePage {
  if (start.page === null) return { topics: [] };
  let data = start.page as SettingsData;
  const older = new URLSearchParams(location.search).get("older");
  const refresh = async (): Promise<void> => {
    const { audit } = await loadSettings(ask, older);
    data = { ...data, audit: newer(audit, data.audit) };
    show("audit", AuditList, { audit: data.audit, now: lastStatus()?.now ?? start.status?.now ?? "" });
  };
  on("check", async () => {
    const answer = await send<ConfigValidation>("POST", "/api/v1/config/validate", {});
    if (answer.ok) show("checked", ConfigCheck, { validation: answer.value });
    else say(`The file was not looked at: ${answer.detail}`, true);
  });
  on("reload", async () => {
    const answer = await send<ConfigReloadAnswer>("POST", "/api/v1/config/reload");
    if (!answer.ok) return say(`The configuration in force stays: ${answer.detail}`, true);
    const { differences, restart_needed: restart } = answer.value;
    say(
      `In force: ${plural(differences.length, "difference")}` +
        (restart.length === 0 ? "" : `; at the next start: ${restart.join(", ")}`),
    );
    const validation = { valid: true, problems: [], warnings: [], differences: [] };
    show("checked", ConfigCheck, { validation });
    await refresh();
  });
  return { topics: ["config"], every: EVERY, refresh };
}
