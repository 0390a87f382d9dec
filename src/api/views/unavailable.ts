/** The gateway cannot do what it was asked for now; nothing has happened, and it may be asked again. */
export interface Unavailable {
  /** Tells it from every result. */
  readonly kind: "unavailable";
  /** Why. The sentence for people. */
  readonly detail: string;
}
