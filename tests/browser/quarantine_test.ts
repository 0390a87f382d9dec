/** The quarantine in a real browser: a refusal is understood, its cause mended, the refusal replayed. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { withBrowser } from "../support/browser.ts";
import { until } from "../support/until.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("a refusal is explained, tried under a mended profile, and replayed: the ledger says so", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    const { gateway } = site;
    for (const temperature of [1_700, 1_710]) await site.report("kiln-1", temperature);
    const watched = await browser.open(gateway.url, "/quarantine");
    const { page } = watched;
    await page.locator("#entries").getByText("out of range").first().waitFor(PATIENCE);
    await page.locator("#groups").getByText("kiln-1").first().waitFor(PATIENCE);
    await assertSound(watched, "with two refusals");

    await page.locator("#entries").getByText("out of range").first().click();
    await page.getByRole("heading", { name: /^Entry \d+$/ }).waitFor(PATIENCE);
    assertStringIncludes(await page.locator("pre.payload").innerText(), "17");
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await page.locator("#explained .steps li.look").first().waitFor(PATIENCE);
    await assertSound(watched, "with an explanation");
    await page.locator("#entry").getByRole("button", { name: "Try, change nothing" }).click();
    await page.locator("#explained").getByText("If it were replayed now").waitFor(PATIENCE);

    await Deno.writeTextFile(`${gateway.folder}/profiles/kiln.yaml`, KILN_TO_1800);
    gateway.signal("SIGHUP");
    await gateway.logged("configuration_reloaded");
    await page.locator("#entry").getByRole("button", { name: "Replay" }).click();
    await page.locator("#explained").getByText("the rules took 1 and refused 0").waitFor(PATIENCE);
    await until("the ledger counts it", async () => (await gateway.ledger()).beside.replayed === 1, {
      ...PATIENCE,
      state: () => gateway.ledger(),
    });
    assertEquals((await gateway.ledger()).balanced, true);
    await assertSound(watched, "replayed");
  });
});

const KILN_TO_1800 = `profile: kiln
expect_every: 60s
downsample: none
fields:
  temperature: { type: float, unit: degC, range: [-40, 1800] }
`;

Deno.test("a group is deleted for good, and the page says that nothing is left", async () => {
  await withBrowser(async (browser) => {
    await using site = await plant();
    for (const temperature of [1_700, 1_710]) await site.report("kiln-1", temperature);
    const watched = await browser.open(site.gateway.url, "/quarantine");
    const { page } = watched;
    page.on("dialog", (dialog) => void dialog.accept());
    const group = page.locator("#groups li", { hasText: "kiln-1" });
    await group.getByText("Act…").click(PATIENCE);
    await group.getByRole("button", { name: "Delete for good" }).click();
    await page.locator("#groups").getByText("Nothing is in quarantine.").waitFor(PATIENCE);
    await assertSound(watched);
  });
});
