import type { JSX } from "hono/jsx/jsx-runtime";
import type { Viewer } from "../../api/mod.ts";
import type { PageName } from "../page.ts";

/** The places that one can go to; a device's page belongs to the devices. */
const PLACES: readonly (readonly [path: string, words: string, ...pages: PageName[]])[] = [
  ["/", "River", "home"],
  ["/alerts", "Alerts", "alerts"],
  ["/devices", "Devices", "devices", "device"],
  ["/quarantine", "Quarantine", "quarantine"],
  ["/rules", "Rules", "rules"],
  ["/new", "New devices", "new"],
  ["/settings", "Settings", "settings"],
];

/** The way to every page. */
export function Nav({ here }: { here: PageName }): JSX.Element {
  return (
    <nav aria-label="Pages">
      {PLACES.map(([path, words, ...pages]) => (
        <a href={path} aria-current={pages.includes(here) ? "page" : undefined}>{words}</a>
      ))}
    </nav>
  );
}

/** Who looks at the page, and how to be someone else. */
export function Who({ viewer }: { viewer: Viewer }): JSX.Element {
  if (viewer.local) {
    return (
      <span class="who" title="No tokens are configured: everyone on this machine may look and operate">
        this machine, no tokens
      </span>
    );
  }
  return (
    <span class="who">
      {viewer.name} ({viewer.role}) <button type="button" class="plain" data-do="sign-out">Sign out</button>
    </span>
  );
}
