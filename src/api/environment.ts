import type { Principal } from "./auth/principal.ts";

/** Who is at the other end of a connection. */
export interface Peer {
  /** The address that the request came from, e.g. `10.0.0.7`. */
  readonly address: string;
}

/** What travels with a request through the handlers. */
export interface Environment {
  readonly Bindings: Peer;
  readonly Variables: {
    readonly requestId: string;
    readonly principal: Principal;
  };
}
