/// <reference lib="dom" />
/** Something that a button with `data-do` does. While its promise is open the button is disabled. */
export type Action = (button: HTMLElement, event: Event) => void | Promise<void>;

const actions = new Map<string, Action>();
let listening = false;

/**
 * Does something for every button with `data-do="name"`, also for those that are shown later. What it needs to know
 * stands in the button's other `data-` attributes.
 */
export function on(name: string, action: Action): void {
  actions.set(name, action);
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
    const found = button === null ? undefined : actions.get(button.dataset.do ?? "");
    if (button === null || found === undefined) return;
    event.preventDefault();
    void run(found, button, event);
  });
}

async function run(action: Action, button: HTMLElement, event: Event): Promise<void> {
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  try {
    await action(button, event);
  } finally {
    button.ariaDisabled = null;
  }
}

/** Says in words, near what was clicked and to screen readers, what came of it. */
export function say(words: string, failed = false): void {
  let place = document.getElementById("said");
  if (place === null) {
    place = document.createElement("div");
    place.id = "said";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.className = failed ? "toast look" : "toast";
  place.textContent = words;
  clearTimeout(saying);
  saying = setTimeout(() => place.textContent = "", failed ? 12_000 : 5_000);
}

let saying: ReturnType<typeof setTimeout> | undefined;
