/** What the dashboard shows where there is little to show, in a real browser. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { withBrowser } from "../support/browser.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("a fresh gateway says how to point a device at it", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    const watched = await browser.open(site.gateway.url, "/");
    await watched.page.getByText("No device has reported yet.").waitFor(PATIENCE);
    await watched.page.getByText("mosquitto_pub -h 127.0.0.1").waitFor(PATIENCE);
    await watched.page.getByText("Nothing needs attention.").waitFor(PATIENCE);
    await assertSound(watched);
    await site.report("kiln-1", 20);
    await watched.page.locator("#devices tr", { hasText: "kiln-1" }).waitFor(PATIENCE);
  });
});

Deno.test("a page whose gateway is gone says so, keeps what it knew, and goes on when it is back", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    await site.report("kiln-1", 20);
    const { page } = await browser.open(site.gateway.url, "/");
    const row = page.locator("#devices tr", { hasText: "kiln-1" });
    await row.waitFor(PATIENCE);
    await site.gateway.stop();
    await page.locator("#banner").getByText(/Connection lost\. The data below is from \d\d:\d\d:\d\d UTC/)
      .waitFor(PATIENCE);
    assertEquals(await row.count(), 1);
    await site.gateway.start();
    await page.locator("#banner").waitFor({ ...PATIENCE, state: "hidden" });
    assertEquals(await row.count(), 1);
  });
});

Deno.test("without scripts the page shows the truth of its moment", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    await site.report("kiln-1", 33.25);
    await site.report("kiln-1", 91);
    const watched = await browser.open(site.gateway.url, "/", { scripts: false });
    for (const text of ["91 °C", "rule hot on kiln-1", "is accounted for."]) {
      await watched.page.getByText(text).first().waitFor(PATIENCE);
    }
    // Chromium that is told to run no script shows no <noscript> either: the words are read from the source.
    assertStringIncludes(await watched.page.content(), "Without scripts this page shows");
    assertEquals([watched.errors, watched.foreign], [[], []]);
  });
});
