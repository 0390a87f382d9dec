/// <reference lib="dom" />
import type { Status } from "../../api/mod.ts";
import { NO_HISTORY, type RiverHistory, withStatus } from "../data/river_history.ts";
import { LedgerSection } from "../parts/ledger.tsx";
import { River } from "../parts/river.tsx";
import { show } from "./mount.tsx";
import { keep, kept } from "./storage.ts";

/** Under this name the river's lines outlive a change of the page. */
const NAME = "river";
/** Lines older than this say nothing about now, ms. */
const STALE = 60_000;

let history: RiverHistory = recalled();

/** Shows the account and the river of a status, and remembers what flowed. */
export function showRiver(status: Status): void {
  history = withStatus(history, status);
  keep("session", NAME, JSON.stringify({ at: Date.now(), history }));
  show("ledger", LedgerSection, { ledger: status.ledger, now: status.now });
  show("river", River, { status, history });
}

function recalled(): RiverHistory {
  const text = kept("session", NAME);
  if (text === null) return NO_HISTORY;
  const { at, history } = JSON.parse(text);
  return Date.now() - at > STALE ? NO_HISTORY : history;
}
