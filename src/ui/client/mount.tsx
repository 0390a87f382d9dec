/// <reference lib="dom" />
import type { JSX } from "hono/jsx/jsx-runtime";
import { render, useState } from "hono/jsx/dom";

/** A component with its own props, as one that takes none. */
type Shown = { readonly draw: () => JSX.Element | null };

const mounted = new Map<string, (next: Shown) => void>();

/**
 * Shows a component in the element with that id, in place of what the server put there; later calls change only what
 * differs, so what is focused, open or typed stays.
 */
export function show<P>(id: string, component: (props: P) => JSX.Element | null, props: P): void {
  const place = document.getElementById(id);
  if (place === null) return;
  const next: Shown = { draw: () => component(props) };
  const again = mounted.get(id);
  if (again !== undefined) return again(next);
  // Bundled for the browser, an element is a node of hono's renderer; the types are those of the server's.
  render(<Root id={id} first={next} /> as unknown as Parameters<typeof render>[0], place);
}

function Root({ id, first }: { id: string; first: Shown }): JSX.Element {
  const [shown, change] = useState(first);
  mounted.set(id, change);
  return <>{shown.draw()}</>;
}
