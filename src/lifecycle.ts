/** What ends a part that was started. */
export type End = () => Promise<void> | void;

/**
 * An ordered start with roll-back and an ordered stop: what began last ends first, and one part that fails to end
 * does not keep the others from ending.
 */
export class Lifecycle {
  readonly #ends: { readonly name: string; readonly end: End }[] = [];

  /**
   * Notes how a part that has just begun is ended.
   *
   * @param name of the part, for the error that its end may give
   */
  began(name: string, end: End): void {
    this.#ends.push({ name, end });
  }

  /**
   * Ends everything, in reverse order.
   *
   * @param onError is told what went wrong, part by part
   */
  async end(onError: (name: string, error: unknown) => void): Promise<void> {
    for (let part = this.#ends.pop(); part !== undefined; part = this.#ends.pop()) {
      try {
        await part.end();
      } catch (error) {
        onError(part.name, error);
      }
    }
  }
}
