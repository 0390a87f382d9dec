/// <reference lib="dom" />
/** Keeps a text for later; a browser that keeps nothing is no failure. */
export function keep(where: "local" | "session", name: string, text: string): void {
  try {
    storage(where).setItem(name, text);
  } catch {
    // Private windows and full stores: the page does without.
  }
}

/** The text that was kept; `null` where there is none. */
export function kept(where: "local" | "session", name: string): string | null {
  try {
    return storage(where).getItem(name);
  } catch {
    return null;
  }
}

function storage(where: "local" | "session"): Storage {
  return where === "local" ? localStorage : sessionStorage;
}
