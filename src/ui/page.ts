import type { JSX } from "hono/jsx/jsx-runtime";
import type { PageRequest, RouteRole, Status } from "../api/mod.ts";

/** Every page, by the name under which the client finds what belongs to it. */
export type PageName =
  | "home"
  | "alerts"
  | "devices"
  | "device"
  | "quarantine"
  | "rules"
  | "new"
  | "settings"
  | "docs"
  | "sign_in";

/** What a page shows between head and foot. */
export interface Content {
  /** For the tab, e.g. `Alerts`; empty for the first page. */
  readonly title: string;
  /** What stands in `<main>`. */
  readonly body: JSX.Element;
  /** What it was made from; the client goes on from it, so that it need not ask at once. Plain data. */
  readonly data: unknown;
  /** 404 where it is about something that is not there; 200 without. */
  readonly status?: 200 | 404;
}

/** A page: its route, and how it is made. */
export interface UiPage {
  /** Its name; `data-page` of the body. */
  readonly name: PageName;
  /** Its path, parameters in braces. */
  readonly path: string;
  /** Who may see it. */
  readonly role: RouteRole;
  /** What it is, for the OpenAPI document. */
  readonly summary: string;
  /**
   * Makes its content. What the API does not answer is said in words; it does not throw.
   *
   * @param request who asks for what, and how to ask the API
   * @param status the gateway now; `undefined` where it is not known (no one has signed in, or it failed)
   */
  load(request: PageRequest, status: Status | undefined): Promise<Content>;
}
