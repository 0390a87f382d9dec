import type { UiPage } from "../page.ts";
import { alertsPage } from "./alerts.tsx";
import { devicePage } from "./device.tsx";
import { devicesPage } from "./devices.tsx";
import { docsPage } from "./docs.tsx";
import { homePage } from "./home.tsx";
import { newPage } from "./new.tsx";
import { quarantinePage } from "./quarantine.tsx";
import { rulesPage } from "./rules.tsx";
import { settingsPage } from "./settings.tsx";
import { signInPage } from "./sign_in.tsx";

/** Every page, in the order of the way to them. */
export const PAGES: readonly UiPage[] = [
  homePage,
  alertsPage,
  devicesPage,
  devicePage,
  quarantinePage,
  rulesPage,
  newPage,
  settingsPage,
  docsPage,
  signInPage,
];
