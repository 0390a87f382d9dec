/** The first page in a real browser, of a gateway as its own process. */
import { assertEquals, assertMatch } from "@std/assert";
import { withBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("a live reading is shown, an alert fires, is acknowledged and clears, with no look away from the page", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    await site.report("kiln-1", 21);
    const watched = await browser.open(site.gateway.url, "/");
    const { page } = watched;
    const row = page.locator("#devices tr", { hasText: "kiln-1" });
    await row.waitFor(PATIENCE);
    await site.report("kiln-1", 64.5);
    await row.getByText("64.5 °C").waitFor(PATIENCE);

    await site.report("kiln-1", 91);
    const alert = page.locator("#alerts article.entry.look");
    await alert.waitFor(PATIENCE);
    await until("the tab says it", async () => (await page.title()).startsWith("1 firing"), PATIENCE);
    await assertSound(watched, "while it fires");

    await alert.getByRole("button", { name: "Acknowledge" }).click();
    await page.locator("#alerts").getByText("acknowledged by local").waitFor(PATIENCE);
    assertEquals(await page.locator("#alerts article.entry.look").count(), 0, "it needs no more attention");

    await site.report("kiln-1", 30);
    await page.locator("#alerts").getByText("cleared at").waitFor(PATIENCE);
    assertMatch(await page.locator("#ledger h1").innerText(), /^Every reading since .* is accounted for\.$/);
    await assertSound(watched, "at the end");
  });
});

Deno.test("while the database is away the outbox fills and says so; when it is back it drains", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    await site.report("kiln-1", 20);
    const watched = await browser.open(site.gateway.url, "/");
    const { page } = watched;
    const outbox = page.locator("#river .stage", { has: page.getByRole("heading", { name: "Outbox" }) });
    await outbox.getByText("0 points wait").waitFor(PATIENCE);

    site.database.answer = () => new Response(null, { status: 503 });
    for (let n = 0; n < 20; n++) await site.report("kiln-1", 20 + n / 10);
    await page.locator("#river .stage.away").getByText("away since").waitFor(PATIENCE);
    await until("20 points wait", async () => {
      return Number((await outbox.locator(".big").innerText()).replace(/\D.*/s, "")) >= 20;
    }, PATIENCE);
    await page.locator("#facts strong.look").first().waitFor(PATIENCE);
    await assertSound(watched, "during the outage");

    site.database.answer = () => undefined;
    await outbox.getByText("0 points wait").waitFor(PATIENCE);
    await until("nothing is away", async () => await page.locator(".stage.away").count() === 0, PATIENCE);
    await assertSound(watched, "after it");
  });
});

Deno.test("an alert is silenced in place and says until when", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    await site.report("kiln-1", 91);
    const watched = await browser.open(site.gateway.url, "/");
    const alert = watched.page.locator("#alerts article.entry.look");
    await alert.waitFor(PATIENCE);
    await alert.getByText("Silence…").click();
    await alert.getByRole("button", { name: "8 hours" }).click();
    await watched.page.locator("#alerts").getByText("silenced until").waitFor(PATIENCE);
    await watched.page.goto(`${site.gateway.url}/alerts`);
    await watched.page.locator("#silences").getByText("rule hot on kiln-1").waitFor(PATIENCE);
    await watched.page.getByRole("button", { name: "End" }).click();
    await watched.page.getByText("Nothing is silenced.").waitFor(PATIENCE);
    await assertSound(watched);
  });
});
