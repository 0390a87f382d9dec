import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { needService } from "./services.ts";

/** Chromium alone and quiet: it talks to nobody but the page's own host. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** How a page is looked at. */
export interface Look {
  /** Size of the window, CSS pixels; 1440 × 900 without. */
  readonly size?: readonly [width: number, height: number];
  /** The system's theme; dark without. */
  readonly scheme?: "dark" | "light";
  /** Whether scripts run; they do without. */
  readonly scripts?: boolean;
}

/** A page, and what it did that it should not. */
export interface Watched {
  readonly page: Page;
  /** Errors of scripts, of the policy and of the console. */
  readonly errors: string[];
  /** Requests to other hosts than the page's own. */
  readonly foreign: string[];
}

/** A browser with any number of pages. */
export interface Browsing {
  /** Opens a page at `base` + `path` and watches it. */
  open(base: string, path: string, look?: Look): Promise<Watched>;
}

/**
 * Runs a test in a browser and ends it. Where chromium is not installed the test is skipped in print, or has failed with
 * `SLUICE_REQUIRE_SERVICES=1`.
 */
export async function withBrowser(test: (browsing: Browsing) => Promise<void>): Promise<void> {
  const executablePath = needService("chromium");
  if (executablePath === undefined) return;
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    await test({ open: (base, path, look) => open(browser, base, path, look ?? {}) });
  } finally {
    await browser.close();
  }
}

async function open(browser: Browser, base: string, path: string, look: Look): Promise<Watched> {
  const [width, height] = look.size ?? [1_440, 900];
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: look.scheme ?? "dark",
    javaScriptEnabled: look.scripts ?? true,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      errors.push(`${message.text()} (${message.location().url})`);
    }
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.host !== new URL(base).host) foreign.push(request.url());
  });
  await page.goto(`${base}${path}`);
  return { page, errors, foreign };
}

/** What axe-core finds of serious and critical violations (WCAG 2.1 A and AA): each with where it is. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: { impact: string; id: string; help: string; nodes: string[] }[] = await page.evaluate(`
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }).then(({ violations }) =>
      violations.map(({ impact, id, help, nodes }) => ({ impact, id, help, nodes: nodes.map(({ html }) => html) })))`);
  return found.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).join(" … ")}`);
}
