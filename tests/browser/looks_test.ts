/** Every page of the dashboard in both themes, from a phone to a wall, in a real browser. */
import { assert, assertEquals } from "@std/assert";
import { withBrowser } from "../support/browser.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

const PAGES = [
  "",
  "alerts",
  "devices",
  "devices/kiln-1",
  "quarantine",
  "rules",
  "new",
  "settings",
  "docs",
  "sign-in",
];
/** A phone, a desk in both themes, a wall: what a theme changes is no matter of size. */
const LOOKS = [
  { size: [360, 800], scheme: "dark" },
  { size: [1_440, 900], scheme: "dark" },
  { size: [1_440, 900], scheme: "light" },
  { size: [2_560, 1_440], scheme: "light" },
] as const;

Deno.test("no page is wider than its window or hard to read, in dark and light, from a phone to a wall", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    for (const device of ["kiln-1", "kiln-2", "a-device-with-quite-a-long-name-of-its-own"]) {
      await site.report(device, 20);
    }
    await site.report("kiln-2", 91);
    await site.report("kiln-1", -300);
    for (const path of PAGES) {
      for (const { size, scheme } of LOOKS) {
        const at = `/${path} ${size.join("×")} ${scheme}`;
        const watched = await browser.open(site.gateway.url, `/${path}`, { size, scheme });
        await watched.page.waitForLoadState("load");
        const width = await watched.page.evaluate("document.documentElement.scrollWidth");
        assert(Number(width) <= size[0], `${at}: ${width} pixels wide`);
        await assertSound(watched, at);
        await watched.page.context().close();
      }
    }
  });
});

Deno.test("the theme that is chosen stays, over a change of the page", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    const { page } = await browser.open(site.gateway.url, "/", { scheme: "dark" });
    const ground = (): Promise<unknown> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await ground();
    await page.getByRole("button", { name: "Dark or light" }).click();
    const light = await ground();
    assert(dark !== light);
    await page.goto(`${site.gateway.url}/devices`);
    assertEquals(await ground(), light);
  });
});

Deno.test("the keyboard reaches everything: first the way past the head, then every link and button", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    await site.report("kiln-1", 91);
    const { page } = await browser.open(site.gateway.url, "/");
    await page.locator("#alerts article.entry.look").waitFor(PATIENCE);
    await page.keyboard.press("Tab");
    assertEquals(await page.evaluate("document.activeElement.textContent"), "Skip to the content");
    await page.keyboard.press("Enter");
    assertEquals(await page.evaluate("location.hash"), "#main");
    const reached = new Set<unknown>();
    for (let n = 0; n < 60; n++) {
      await page.keyboard.press("Tab");
      reached.add(
        await page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name"),
      );
    }
    for (const words of ["search", "kiln-1", "Acknowledge", "Silence…", "Why?", "River"]) {
      assert(reached.has(words), `The keyboard does not reach "${words}": ${[...reached].join(", ")}`);
    }
  });
});
