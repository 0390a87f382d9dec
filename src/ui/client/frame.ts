/// <reference lib="dom" />
import type { Status } from "../../api/mod.ts";
import { Facts } from "../layout/facts.tsx";
import { titleOf } from "../layout/title.ts";
import { send } from "./api.ts";
import { on } from "./actions.ts";
import type { Connection } from "./live.ts";
import { show } from "./mount.tsx";
import { keep } from "./storage.ts";

let last: Status | undefined;

/** The newest status that the page knows. */
export function lastStatus(): Status | undefined {
  return last;
}

/** Shows a status in what is around every page. A gateway of another version has another page: it is fetched. */
export function frameStatus(status: Status): void {
  if (last !== undefined && last.version !== status.version) location.reload();
  last = status;
  show("facts", Facts, { status });
  document.title = titleOf(document.body.dataset.title ?? "", status);
}

/** Says, above everything, when what is shown is old. */
export const connection: Connection = {
  onAlive() {
    const banner = document.getElementById("banner");
    if (banner === null || banner.hidden) return;
    banner.hidden = true;
    delete document.body.dataset.lost;
  },
  onLost() {
    const banner = document.getElementById("banner");
    if (banner === null || !banner.hidden) return;
    const time = last === undefined ? "before" : `${last.now.slice(11, 19)} UTC`;
    banner.textContent = `Connection lost. The data below is from ${time}; trying again.`;
    banner.hidden = false;
    document.body.dataset.lost = "";
  },
};

/** What stands around every page and can be clicked. */
export function startFrame(): void {
  on("theme", () => {
    const { dataset } = document.documentElement;
    const dark = dataset.theme === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : dataset.theme === "dark";
    dataset.theme = dark ? "light" : "dark";
    keep("local", "theme", dataset.theme);
  });
  on("sign-out", async () => {
    await send("DELETE", "/api/v1/session");
    location.assign("/sign-in");
  });
}
