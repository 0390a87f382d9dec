/** An unknown device in a real browser: it is noticed, understood, accepted, and its next reading is shown. */
import { withBrowser } from "../support/browser.ts";
import { connectPublisher } from "../support/publisher.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("an unknown device is learned, its proposal accepted, and its readings are on the page", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant({ learn: true, influxdb: undefined });
    const watched = await browser.open(site.gateway.url, "/new");
    const { page } = watched;
    await page.getByText("Every topic that was heard is known.").waitFor(PATIENCE);
    const device = await connectPublisher(site.broker, { protocol: 4 });
    const say = (n: number): Promise<void> =>
      device.publish(
        "hall/pump-7/state",
        JSON.stringify({ ts: Date.now(), temp_c: 40 + n / 10, rpm: 1_400 + n }),
      );
    for (let n = 0; n < 12; n++) await say(n);
    const proposal = page.locator("#learned article");
    await proposal.getByText("temp_c").first().waitFor(PATIENCE);
    await proposal.getByText("What would be added").click(PATIENCE);
    await assertSound(watched, "with a proposal");
    await proposal.getByRole("button", { name: "Accept" }).click();
    await page.locator("#said").getByText("Taken in").waitFor(PATIENCE);
    for (let n = 0; n < 5; n++) await say(n);
    await page.goto(`${site.gateway.url}/devices/pump-7`);
    await page.locator("#values").getByText("rpm").waitFor(PATIENCE);
    await page.locator("figure.chart .uplot canvas").first().waitFor(PATIENCE);
    await assertSound(watched, "accepted");
  });
});
