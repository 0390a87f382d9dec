/// <reference lib="dom" />
import { send } from "./api.ts";
import { nextOf } from "./next.ts";
import type { LivePage } from "./start.ts";

/** The sign-in page: the token becomes a cookie, and the page that was asked for follows. */
export function startSignIn(): LivePage {
  const form = document.getElementById("sign-in");
  const said = document.getElementById("sign-in-said");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form instanceof HTMLFormElement && said !== null) void signIn(form, said);
  });
  return { topics: [] };
}

async function signIn(form: HTMLFormElement, said: HTMLElement): Promise<void> {
  const token = String(new FormData(form).get("token") ?? "").trim();
  said.textContent = "";
  const answer = await send("POST", "/api/v1/session", { token });
  if (answer.ok) {
    const wanted = new URLSearchParams(location.search).get("next");
    return location.assign(nextOf(wanted, location.origin));
  }
  said.textContent = refusal(answer.status, answer.detail);
}

function refusal(status: number, detail: string): string {
  if (status === 401) return "The token is not known, or has expired.";
  if (status === 404) return "Signing in is not available yet on this gateway.";
  if (status === 429) return `Too many tries: ${detail}.`;
  return `Signing in failed: ${detail}.`;
}
