/** Signing in and what each role sees, in a real browser. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { formatToken, hashToken, type Role } from "../../src/api/mod.ts";
import { withBrowser } from "../support/browser.ts";
import { assertSound, PATIENCE, plant } from "./kit.ts";

Deno.test("who is not signed in is asked to, a viewer looks, an operator acts, an admin sees settings and audit", async () => {
  await withBrowser(async (browser) => {
    const tokens = Object.fromEntries(
      (["viewer", "operator", "admin"] satisfies Role[]).map((role) =>
        [role, formatToken(crypto.getRandomValues(new Uint8Array(32)))] as const
      ),
    );
    await using site = await plant({
      api: {
        tokens: Object.entries(tokens).map(([role, token]) => ({ name: role, role, hash: hashToken(token) })),
      },
    });
    await site.report("kiln-1", 91);

    for (const [role, token] of Object.entries(tokens)) {
      const watched = await browser.open(site.gateway.url, "/alerts");
      const { page } = watched;
      assertStringIncludes(page.url(), "/sign-in?next=");
      await page.getByLabel("Token").fill(`${token}x`);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("The token is not known, or has expired.").waitFor(PATIENCE);
      // The browser itself reports the refused request.
      watched.errors.length = 0;
      await page.getByLabel("Token").fill(token);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator("#firing article").waitFor(PATIENCE);
      await page.getByText(role, { exact: false }).first().waitFor(PATIENCE);
      const acts = await page.getByRole("button", { name: "Acknowledge" }).count();
      assertEquals(acts, role === "viewer" ? 0 : 1, `${role} is offered to acknowledge`);
      await assertSound(watched, role);

      await page.goto(`${site.gateway.url}/settings`);
      if (role === "admin") {
        await page.locator("#audit").getByText("sign in failed").first().waitFor(PATIENCE);
        await page.getByRole("button", { name: "Compare with the file" }).click();
        await page.getByText("The file says what is in force already.").waitFor(PATIENCE);
      } else {
        await page.getByText("The configuration and the audit are for the role admin").waitFor(PATIENCE);
      }
      await assertSound(watched, `${role}, settings`);
      assertEquals((await page.content()).includes(token), false, "no page holds the token");
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForURL(/\/sign-in/, PATIENCE);
      await page.context().close();
    }
  });
});
