import { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiTime } from "./api_time.ts";
import type { App } from "./app.ts";
import { type ApiRefusal, refuse } from "./api_refusal.ts";
import { isLoopback } from "./auth/loopback.ts";
import type { ApiToken } from "./auth/token.ts";
import type { Environment, Peer } from "./environment.ts";
import { authorise } from "./guard/authorise.ts";
import { limitBody } from "./guard/body_limit.ts";
import { deadline } from "./guard/deadline.ts";
import { failure, refuseInvalid } from "./guard/failure.ts";
import { frame, type OnEvent } from "./guard/frame.ts";
import { type RateLimit, RateLimiter } from "./guard/rate_limit.ts";
import { LARGEST_BODY, LONGEST_ANSWER, USUAL_RATE } from "./limits.ts";
import { ProblemError, problemResponse } from "./problem.ts";
import type { RouteRole } from "./route.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { configRoutes } from "./routes/config.ts";
import { deliveredRoutes } from "./routes/delivered.ts";
import { deviceRoutes } from "./routes/devices.ts";
import { healthRoutes } from "./routes/health.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { notifierRoutes } from "./routes/notifiers.ts";
import { openapiRoutes } from "./routes/openapi.ts";
import { pageRoutes } from "./routes/page.ts";
import { quarantineRoutes } from "./routes/quarantine.ts";
import { ruleRoutes } from "./routes/rules.ts";
import { seriesRoutes } from "./routes/series.ts";
import { statusRoutes } from "./routes/status.ts";
import type { GatewayViews } from "./views.ts";

/** What the API is built from beside the views. */
export interface ApiOptions {
  /** Version of the program, for the OpenAPI document. */
  readonly version: string;
  /** The host that it is going to listen on; decides who needs a token. */
  readonly listenHost: string;
  /** The tokens of the configuration. */
  readonly tokens: readonly ApiToken[];
  /** Time. */
  readonly clock: ApiTime;
  /** A new identifier for each request, e.g. `crypto.randomUUID`. */
  readonly randomId: () => string;
  /** Takes the events `api_request`, `api_refused` and `api_failed`. */
  readonly onEvent: OnEvent;
  /** For each token, and for each address without one. */
  readonly rateLimit?: RateLimit;
  /** Longest time for an answer, ms. */
  readonly answerWithin?: number;
}

/** The HTTP API. Holds no socket. */
export interface Api {
  /** Answers a request; every failure is an answer, too. */
  fetch(request: Request, peer: Peer): Promise<Response>;
}

/**
 * Builds the API.
 *
 * @returns the API, or why it must not run as it is configured
 */
export function createApi(views: GatewayViews, options: ApiOptions): Api | ApiRefusal {
  const refusal = refuse(options.listenHost, options.tokens);
  if (refusal !== undefined) return refusal;
  const app: App = new OpenAPIHono<Environment>({ defaultHook: refuseInvalid });
  const roles = new Map<string, RouteRole>();
  const monotonic = (): number => options.clock.monotonic();

  app.onError(failure(options.onEvent));
  app.notFound((c) => {
    return problemResponse("not_found", { detail: "There is nothing at this path" }, c.get("requestId"));
  });
  app.use(frame({ randomId: options.randomId, monotonic, onEvent: options.onEvent }));
  app.use(deadline(options.clock, options.answerWithin ?? LONGEST_ANSWER));
  app.use(authorise({
    tokens: options.tokens,
    local: options.tokens.length === 0 && isLoopback(options.listenHost),
    roles,
    limiter: new RateLimiter(options.rateLimit ?? USUAL_RATE, monotonic),
  }));
  app.use(limitBody(LARGEST_BODY));

  healthRoutes(app, views);
  metricsRoutes(app, views);
  statusRoutes(app, views);
  ledgerRoutes(app, views);
  deliveredRoutes(app, views);
  deviceRoutes(app, views);
  seriesRoutes(app, views);
  alertRoutes(app, views);
  ruleRoutes(app, views);
  notifierRoutes(app, views);
  quarantineRoutes(app, views);
  configRoutes(app, views);
  openapiRoutes(app, options.version);
  pageRoutes(app, views);
  closeMethods(app, roles);

  return {
    fetch: async (request, peer): Promise<Response> => await app.fetch(request, peer),
  };
}

/** Notes each route's role where the guard looks for it, and answers 405 to the methods that no route has. */
function closeMethods(app: App, roles: Map<string, RouteRole>): void {
  const methods = new Map<string, string[]>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path, "x-role": role } = definition.route;
    const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
    roles.set(`${method.toUpperCase()} ${pattern}`, role);
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
