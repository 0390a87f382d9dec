import { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiTime } from "./api_time.ts";
import type { App } from "./app.ts";
import { type ApiRefusal, refuse } from "./api_refusal.ts";
import { isLoopback } from "./auth/loopback.ts";
import { Doorkeeper } from "./auth/doorkeeper.ts";
import type { TokenSource } from "./auth/token.ts";
import type { Environment, Peer } from "./environment.ts";
import { authorise } from "./guard/authorise.ts";
import { limitBody } from "./guard/body_limit.ts";
import { deadline } from "./guard/deadline.ts";
import { etag } from "./guard/etag.ts";
import { failure, refuseInvalid } from "./guard/failure.ts";
import { frame, type OnEvent } from "./guard/frame.ts";
import { tellLockOut } from "./guard/lock_out.ts";
import { type RateLimit, RateLimiter } from "./guard/rate_limit.ts";
import { Refusals } from "./guard/refusals.ts";
import { settle } from "./guard/settle.ts";
import { LARGEST_BODY, LONGEST_ANSWER, USUAL_RATE } from "./limits.ts";
import { LiveHub } from "./live/live_hub.ts";
import { ProblemError, problemResponse } from "./problem.ts";
import type { RouteAccess } from "./route.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { auditRoutes } from "./routes/audit.ts";
import { configRoutes } from "./routes/config.ts";
import { deliveredRoutes } from "./routes/delivered.ts";
import { deviceRoutes } from "./routes/devices.ts";
import { eventRoutes } from "./routes/events.ts";
import { explainRoutes } from "./routes/explain.ts";
import { healthRoutes } from "./routes/health.ts";
import { learnedRoutes } from "./routes/learned.ts";
import { historyRoutes } from "./routes/history.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { notifierRoutes } from "./routes/notifiers.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import type { PagesPort } from "./pages.ts";
import { pageRoutes } from "./routes/pages.ts";
import { quarantineActionRoutes } from "./routes/quarantine_actions.ts";
import { quarantineRoutes } from "./routes/quarantine.ts";
import { ruleRoutes } from "./routes/rules.ts";
import { seriesRoutes } from "./routes/series.ts";
import { sessionRoutes } from "./routes/session.ts";
import { silenceRoutes } from "./routes/silences.ts";
import { statusNow, statusRoutes } from "./routes/status.ts";
import type { GatewayViews } from "./views.ts";

/** What the API is built from beside the views. */
export interface ApiOptions {
  /** Version of the program, for the OpenAPI document. */
  readonly version: string;
  /** The host that it is going to listen on; decides who needs a token. */
  readonly listenHost: string;
  /** The tokens of the configuration; asked at each request, since a reload changes them. */
  readonly tokens: TokenSource;
  /** Time. */
  readonly clock: ApiTime;
  /** A new identifier for each request, e.g. `crypto.randomUUID`. */
  readonly randomId: () => string;
  /** Takes the events `api_request`, `api_refused` and `api_failed`. */
  readonly onEvent: OnEvent;
  /** The dashboard; without it there is none. */
  readonly pages?: PagesPort;
  /** For each token, and for each address without one. */
  readonly rateLimit?: RateLimit;
  /** Longest time for an answer, ms. */
  readonly answerWithin?: number;
}

/** The HTTP API. Holds no socket. */
export interface Api {
  /** Answers a request; every failure is an answer, too. */
  fetch(request: Request, peer: Peer): Promise<Response>;
  /** Tells the audit what was only counted so far; after the last request. */
  close(): void;
}

/**
 * Builds the API.
 *
 * @returns the API, or why it must not run as it is configured
 */
export function createApi(views: GatewayViews, options: ApiOptions): Api | ApiRefusal {
  const refusal = refuse(options.listenHost, options.tokens());
  if (refusal !== undefined) return refusal;
  const app: App = new OpenAPIHono<Environment>({ defaultHook: refuseInvalid });
  const roles = new Map<string, RouteAccess>();
  const monotonic = (): number => options.clock.monotonic();
  const refusals = new Refusals((note) => views.audit.record(note), options.clock);
  const doorkeeper = new Doorkeeper({
    tokens: options.tokens,
    onLoopback: isLoopback(options.listenHost),
    clock: options.clock,
    randomId: options.randomId,
    onLockedOut: (c) => tellLockOut(c, refusals, options.onEvent),
  });

  app.onError(failure(options.onEvent, refusals));
  app.notFound((c) => {
    return problemResponse("not_found", { detail: "There is nothing at this path" }, c.get("requestId"));
  });
  app.use(frame({ randomId: options.randomId, monotonic, onEvent: options.onEvent }));
  app.use(deadline(options.clock, options.answerWithin ?? LONGEST_ANSWER));
  app.use(authorise({
    doorkeeper,
    roles,
    limiter: new RateLimiter(options.rateLimit ?? USUAL_RATE, monotonic),
  }));
  app.use(limitBody(LARGEST_BODY));
  app.use(settle(views.audit));
  app.use(etag());

  healthRoutes(app, views);
  metricsRoutes(app, views);
  statusRoutes(app, views);
  ledgerRoutes(app, views);
  deliveredRoutes(app, views);
  deviceRoutes(app, views);
  seriesRoutes(app, views);
  historyRoutes(app, views);
  alertRoutes(app, views);
  silenceRoutes(app, views);
  ruleRoutes(app, views);
  notifierRoutes(app, views);
  quarantineActionRoutes(app, views);
  explainRoutes(app, views);
  quarantineRoutes(app, views);
  configRoutes(app, views);
  learnedRoutes(app, views);
  eventRoutes(
    app,
    new LiveHub({
      live: views.live,
      status: () => statusNow(views),
      clock: options.clock,
      onEvent: options.onEvent,
    }),
  );
  auditRoutes(app, views);
  sessionRoutes(app, doorkeeper, views);
  openapiRoutes(app, options.version);
  if (options.pages !== undefined) pageRoutes(app, options.pages, () => doorkeeper.open);
  closeMethods(app, roles);

  return {
    fetch: async (request, peer): Promise<Response> => await app.fetch(request, peer),
    close: () => refusals.close(),
  };
}

/** Notes each route's role where the guard looks for it, and answers 405 to the methods that no route has. */
function closeMethods(app: App, roles: Map<string, RouteAccess>): void {
  const methods = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path, "x-role": role } = definition.route;
    const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
    roles.set(`${method.toUpperCase()} ${pattern}`, { role, local: definition.route["x-local"] === true });
    methods.set(pattern, [...methods.get(pattern) ?? [], method.toUpperCase()]);
  }
  for (const [pattern, allowed] of methods) {
    const allow = allowed.flatMap((method) => method === "GET" ? ["GET", "HEAD"] : [method]).join(", ");
    app.all(pattern, (c) => {
      throw new ProblemError("method_not_allowed", {
        detail: `The method "${c.req.method}" is not allowed here; allowed are ${allow}`,
        headers: { Allow: allow },
      });
    });
  }
}
