import type { UiPage } from "../page.ts";

/** Where one says who one is. */
export const signInPage: UiPage = {
  name: "sign_in",
  path: "/sign-in",
  role: "none",
  summary: "Where people sign in with a token",
  load({ open }) {
    const body = open
      ? (
        <section class="panel sign-in">
          <h1>Nobody needs to sign in here.</h1>
          <p>
            No tokens are configured: everyone on this machine may look and operate, nobody else gets in.{" "}
            <a href="/">To the river</a>
          </p>
        </section>
      )
      : (
        <section class="panel sign-in">
          <h1>Sign in</h1>
          <form id="sign-in" class="sign-in-form" method="post">
            <label>
              Token
              <input
                type="password"
                name="token"
                required
                autofocus
                autocomplete="current-password"
                spellcheck={false}
                aria-describedby="sign-in-said"
              />
            </label>
            <p id="sign-in-said" class="look" role="alert"></p>
            <button type="submit" class="main">Sign in</button>
          </form>
          <noscript>
            <p class="look">
              Signing in needs scripts. Programs send the token as "Authorization: Bearer TOKEN".
            </p>
          </noscript>
          <p class="quiet">
            A token is made with <code>deno task token --name NAME --role viewer</code>{" "}
            and named in the configuration. It is kept in a cookie that no script can read, for 12 hours.
          </p>
        </section>
      );
    return Promise.resolve({ title: "Sign in", body, data: null });
  },
};
