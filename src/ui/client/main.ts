/// <reference lib="dom" />
/**
 * What runs in the browser: the frame around every page, and what belongs to the one that is shown.
 * @module
 */
import type { PageName } from "../page.ts";
import { startAlerts } from "./alerts.ts";
import { startDevice } from "./device.ts";
import { startDevices } from "./devices.ts";
import { connection, frameStatus, startFrame } from "./frame.ts";
import { startHome } from "./home.ts";
import { goLive } from "./live.ts";
import { startNew } from "./new.ts";
import { startQuarantine } from "./quarantine.ts";
import { startRules } from "./rules.ts";
import { startSettings } from "./settings.ts";
import { startSignIn } from "./sign_in.ts";
import { pageStart, type StartPage } from "./start.ts";

/** What belongs to each page; one that is not named here is only framed. */
const PAGES: Partial<Record<PageName, StartPage>> = {
  home: startHome,
  alerts: startAlerts,
  devices: startDevices,
  device: startDevice,
  quarantine: startQuarantine,
  rules: startRules,
  new: startNew,
  settings: startSettings,
  sign_in: startSignIn,
};

const start = pageStart();
startFrame();
if (start.status !== null) frameStatus(start.status);
const name = document.body.dataset.page as PageName;
const page = PAGES[name]?.(start) ?? { topics: [] };
if (name !== "sign_in") {
  goLive({
    ...page,
    status(status) {
      frameStatus(status);
      page.status?.(status);
    },
  }, connection);
}
