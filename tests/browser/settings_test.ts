/** The page of settings in a real browser: what another file would change is shown before it is put in force. */
import { formatToken, hashToken } from "../../src/api/mod.ts";
import { withBrowser } from "../support/browser.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("the difference is shown before it is applied; a bad file is refused with its place, and the audit tells both", async () => {
  await withBrowser(async (browser) => {
    const token = formatToken(crypto.getRandomValues(new Uint8Array(32)));
    await using site = await plant({
      api: { tokens: [{ name: "ana", role: "admin", hash: hashToken(token) }] },
    });
    const { gateway } = site;
    const watched = await browser.open(gateway.url, "/settings");
    const { page } = watched;
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { name: "Settings" }).waitFor(PATIENCE);

    const file = `${gateway.folder}/gateway.yaml`;
    const text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace("above: 80", "above: 85"));
    await page.getByRole("button", { name: "Compare with the file" }).click();
    const row = page.locator("#checked tr", { hasText: "alerts" });
    await row.getByText("80", { exact: true }).waitFor(PATIENCE);
    await row.getByText("85", { exact: true }).waitFor(PATIENCE);
    await assertSound(watched, "with a difference");
    await page.getByRole("button", { name: "Put it in force" }).click();
    await page.locator("#audit").getByText("config reloaded").first().waitFor(PATIENCE);
    await page.goto(`${gateway.url}/rules`);
    await page.locator("#rules").getByText("temperature is above 85").waitFor(PATIENCE);

    await Deno.writeTextFile(file, text.replace("above: 80", "above: many"));
    await page.goto(`${gateway.url}/settings`);
    await page.getByRole("button", { name: "Compare with the file" }).click();
    await page.locator("#checked").getByText("The file cannot be put in force: 1 problem.").waitFor(PATIENCE);
    await page.locator("#checked").getByText(/gateway\.yaml:\d+:\d+/).waitFor(PATIENCE);
    await assertSound(watched, "with a bad file");
  });
});
