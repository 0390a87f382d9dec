import type { Limits, Refusal } from "../model/mod.ts";

/**
 * The open containers of a binary format that announces lengths, while its bytes are looked at before anything is
 * built of them: whoever looks finds the end of the payload before that of an array of four billion items.
 */
export class Containers {
  readonly #limits: Limits;
  /** Items that each open container still expects; Infinity: until a break. */
  readonly #left: number[] = [];
  /** Items that each open container has. */
  readonly #seen: number[] = [];
  /** Whether it is a map, whose items are keys and values in turn. */
  readonly #map: boolean[] = [];

  /** Nothing is open yet. */
  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Containers that are open. */
  get depth(): number {
    return this.#left.length;
  }

  /**
   * Opens a container; an empty one is closed at once.
   *
   * @param items announced; of a map keys and values together; Infinity: until a break
   */
  open(items: number, isMap: boolean): Refusal | undefined {
    const { depth, keys } = this.#limits;
    if (this.depth >= depth) return { reason: "too_deep", allowed: `at most ${depth} levels` };
    if (isMap && items !== Infinity && items / 2 > keys) return this.#tooManyKeys();
    if (items === 0) return this.item();
    this.#left.push(items);
    this.#seen.push(0);
    this.#map.push(isMap);
    return undefined;
  }

  /** One item is complete, and with it perhaps the containers that end there. */
  item(): Refusal | undefined {
    for (let top = this.depth - 1; top >= 0; top--) {
      const left = (this.#left[top] ?? 0) - 1;
      const seen = (this.#seen[top] ?? 0) + 1;
      this.#left[top] = left;
      this.#seen[top] = seen;
      if (this.#map[top] === true && seen > 2 * this.#limits.keys) return this.#tooManyKeys();
      if (left > 0) return undefined;
      this.#close();
    }
    return undefined;
  }

  /** A break: it ends a container of no announced length, between two of its items. */
  break(): Refusal | undefined {
    const top = this.depth - 1;
    const between = this.#map[top] !== true || (this.#seen[top] ?? 0) % 2 === 0;
    if (this.#left[top] !== Infinity || !between) {
      return { reason: "undecodable", found: "a break where none can stand" };
    }
    this.#close();
    return this.item();
  }

  #close(): void {
    this.#left.pop();
    this.#seen.pop();
    this.#map.pop();
  }

  #tooManyKeys(): Refusal {
    return { reason: "too_many_keys", allowed: `at most ${this.#limits.keys} keys in one object` };
  }
}

/** The refusal of a payload that ends before it is complete. */
export function truncated(): Refusal {
  return { reason: "undecodable", found: "a payload that ends before it is complete" };
}

/** The refusal of bytes behind the end of the value. */
export function trailing(bytes: number): Refusal {
  return { reason: "undecodable", found: `${bytes} bytes behind the end of the value`, allowed: "one value" };
}
