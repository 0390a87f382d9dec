/** A device's page and the page of rules in a real browser, on local history. */
import { assertEquals } from "@std/assert";
import { withBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("a device's page charts what it measured, says how it is, and what became of a reading", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant({ influxdb: undefined });
    await site.report("kiln-1", 20);
    await site.report("kiln-1", -300);
    const watched = await browser.open(site.gateway.url, "/devices/kiln-1");
    const { page } = watched;
    await page.locator("#values").getByText("20 °C").waitFor(PATIENCE);
    await page.locator("figure.chart .uplot canvas").first().waitFor(PATIENCE);
    await site.report("kiln-1", 64.5);
    await page.locator("#values").getByText("64.5 °C").waitFor(PATIENCE);
    await page.locator("#refusals").getByText("out of range").waitFor(PATIENCE);
    await page.locator("#past-form").getByRole("button", { name: "Explain" }).click();
    await page.locator("#explained .steps li").first().waitFor(PATIENCE);
    await assertSound(watched);
    await page.getByRole("link", { name: "1 day" }).click();
    await page.locator("figure.chart .uplot canvas").first().waitFor(PATIENCE);
    await assertSound(watched, "a day");
  });
});

Deno.test("a device that nobody knows is said to be unknown, with the status 404", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    const { page } = await browser.open(site.gateway.url, "/devices");
    const answer = await page.goto(`${site.gateway.url}/devices/nobody`);
    assertEquals(answer?.status(), 404);
    await page.getByText("No message of a device with this id has come").waitFor(PATIENCE);
  });
});

Deno.test("a rule is tried on what was measured and shows when it would have fired", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant({ influxdb: undefined });
    const { gateway } = site;
    for (const temperature of [20, 60, 61, 20]) await site.report("kiln-1", temperature);
    await until("local history holds it", async () => {
      const series = (await gateway.get("/api/v1/series?device=kiln-1")).body.items[0]?.id ?? "";
      const { body } = await gateway.get(`/api/v1/series/${encodeURIComponent(series)}/history`);
      return (body.points?.length ?? 0) > 0;
    }, PATIENCE);
    const watched = await browser.open(gateway.url, "/rules");
    const { page } = watched;
    await page.locator("#rules").getByText("temperature is above 80, until 75").waitFor(PATIENCE);
    await page.getByRole("button", { name: "Try…" }).click();
    const field = page.locator("#try-form textarea");
    await field.fill((await field.inputValue()).replace(/above: 80\nclear: 75/, "above: 50\nclear: 40"));
    await page.getByRole("button", { name: "Try it" }).click();
    await page.locator("#trial").getByText("would have fired 1 time").waitFor(PATIENCE);
    await assertSound(watched);
    await field.fill("name: x\nabove: many\n");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.locator("#said.look").getByText("The rule was not tried").waitFor(PATIENCE);
  });
});
