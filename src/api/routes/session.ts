import { nameOf } from "../auth/principal.ts";
import { actorOf } from "../auth/actor.ts";
import type { Doorkeeper } from "../auth/doorkeeper.ts";
import type { App } from "../app.ts";
import { unauthenticated } from "../guard/authorise.ts";
import { refuseForeignOrigin } from "../guard/from_page.ts";
import { declare } from "../route.ts";
import { SessionSchema, SignInSchema } from "../schemas/session.ts";
import type { GatewayViews } from "../views.ts";

const PATH = "/api/v1/session";
const SESSION = { "application/json": { schema: SessionSchema } };

const signIn = declare("none", {
  method: "post",
  path: PATH,
  summary: "Signs in with a token: the answer sets the cookie of a session",
  request: { body: { required: true, content: { "application/json": { schema: SignInSchema } } } },
  responses: { 200: { description: "Who has signed in", content: SESSION } },
});

const signOut = declare("viewer", {
  method: "delete",
  path: PATH,
  summary: "Signs out: ends the session and takes its cookie back",
  responses: { 204: { description: "There is no session any more" } },
});

const show = declare("viewer", {
  method: "get",
  path: PATH,
  summary: "Who is asking, and what they may do",
  responses: { 200: { description: "The token's name and role", content: SESSION } },
});

/** Adds `/api/v1/session`. */
export function sessionRoutes(app: App, doorkeeper: Doorkeeper, views: Pick<GatewayViews, "audit">): void {
  app.openapi(signIn, (c) => {
    refuseForeignOrigin(c);
    const token = doorkeeper.signIn(c, c.req.valid("json").token);
    if (typeof token === "string") throw unauthenticated(token);
    const { name, role } = token;
    const request = { address: c.env.address, request_id: c.get("requestId"), target: null };
    views.audit.record({ action: "sign_in", actor: name, role, ...request, detail: {} });
    return c.json({ name, role, local: false }, 200);
  });
  app.openapi(signOut, (c) => {
    const { name, ...actor } = actorOf(c);
    doorkeeper.signOut(c);
    // Who brings a token has no session to end.
    if (c.get("principal").kind === "session") {
      views.audit.record({ action: "sign_out", actor: name, ...actor, target: null, detail: {} });
    }
    return c.body(null, 204);
  });
  app.openapi(show, (c) => {
    const { role } = actorOf(c);
    const principal = c.get("principal");
    return c.json({ name: nameOf(principal), role, local: principal.kind === "local" }, 200);
  });
}
