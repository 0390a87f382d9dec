import type { Role } from "./auth/role.ts";
import type { RouteRole } from "./route.ts";

/** What one of the API's own routes answered. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  /** `status` is the HTTP status, `detail` the sentence for people. */
  | { readonly ok: false; readonly status: number; readonly detail: string };

/**
 * Asks a GET route of the API, e.g. `/api/v1/status`, as whoever asks for the page: with the same role, and with the
 * same answer as a program would get.
 */
export type Ask = <T>(path: string) => Promise<Answer<T>>;

/** Who looks at a page. */
export interface Viewer {
  /** The token's name; `local` for anyone on this machine. */
  readonly name: string;
  /** What they may do. */
  readonly role: Role;
  /** No tokens are configured: anyone on this machine is let in. */
  readonly local: boolean;
}

/** A request for a page. */
export interface PageRequest {
  /** The parameters of its path, e.g. `id`. */
  readonly params: Readonly<Record<string, string>>;
  /** Its query. */
  readonly query: URLSearchParams;
  /** Who looks; `null` where nobody had to say so. */
  readonly viewer: Viewer | null;
  /** Without tokens anyone on this machine is let in, so nobody signs in. */
  readonly open: boolean;
  /** Asks the API. */
  readonly ask: Ask;
}

/** A page for people. */
export interface PageRoute {
  /** Its path, parameters in braces, e.g. `/devices/{id}`. */
  readonly path: string;
  /** Who may see it. */
  readonly role: RouteRole;
  /** What it is, for the OpenAPI document. */
  readonly summary: string;
  /** The whole page. Never throws for what the API answers: a page says it in words. */
  render(request: PageRequest): Promise<{
    /** HTTP status. */
    readonly status: 200 | 404;
    /** The document. */
    readonly html: string;
  }>;
}

/** A file that pages load. Its name changes with its content, so a browser may keep it for ever. */
export interface PageAsset {
  /** Media type. */
  readonly type: string;
  /** As it is. */
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Compressed with gzip. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** The dashboard, as the API serves it; `makePages` of ui/ fits. */
export interface PagesPort {
  /** Every page. */
  readonly routes: readonly PageRoute[];
  /** The Content-Security-Policy of every page. */
  readonly policy: string;
  /** The asset of that name, e.g. `app.1f2e3d4c.js`. */
  asset(name: string): PageAsset | undefined;
}
