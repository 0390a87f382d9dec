import type { Principal } from "./auth/principal.ts";

/** Who is at the other end of a connection. */
export interface Peer {
  /** The address that the request came from, e.g. `10.0.0.7`. */
  readonly address: string;
}

/** What travels with a request through the handlers. */
export interface Environment {
  readonly Bindings: Peer & {
    /** Set where a page asks the API itself: for whom. It counts as no request of its own. */
    readonly inside?: Principal;
  };
  readonly Variables: {
    readonly requestId: string;
    readonly principal: Principal;
    /** Whether they would be let in still; for answers that last. Routes with a role have it. */
    readonly stillIn: () => boolean;
  };
}
