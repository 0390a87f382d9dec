/** Whether messages can arrive, told to whoever asked at each change. */
export class Subscribed {
  #value = false;
  readonly #listeners: ((subscribed: boolean) => void)[] = [];

  /** Now. */
  get value(): boolean {
    return this.#value;
  }

  /** Sets it; the same value again is no change. */
  set(value: boolean): void {
    if (value === this.#value) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }

  /** Calls `listener` at each change. */
  onChange(listener: (subscribed: boolean) => void): void {
    this.#listeners.push(listener);
  }
}
