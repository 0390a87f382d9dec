/** Something that must not be, found by fuzzing. */
export class Finding extends Error {
  /** @param kind what promise it breaks; a case that is made smaller has to break the same */
  constructor(readonly kind: string, message: string, cause?: unknown) {
    super(`${kind}: ${message}`, { cause });
    this.name = "Finding";
  }
}
