import { OpenAPIHono } from "@hono/zod-openapi";
import type { Environment } from "../../../src/api/environment.ts";
import { limitBody } from "../../../src/api/guard/body_limit.ts";
import { failure } from "../../../src/api/guard/failure.ts";
import { LARGEST_BODY } from "../../../src/api/limits.ts";
import { systemClock } from "../../../src/clock.ts";
import { type Api, type HttpLimits, serveApi, type ServeOptions } from "../../../src/api/mod.ts";
import { RawConnection } from "../../support/raw_connection.ts";
import { listen, localApi } from "./fake_gateway.ts";

/** An API that listens on a port of loopback, with what it reported. */
export interface Served extends AsyncDisposable {
  readonly port: number;
  readonly events: ReturnType<typeof listen>["events"];
  /** Opens a connection and writes to it. */
  say(text: string | Uint8Array): Promise<RawConnection>;
}

/** An API that may be asked as often as one likes. */
export function patientApi(...change: Parameters<typeof localApi>): Api {
  return localApi(change[0], { rateLimit: { perSecond: 1e6, burst: 1e6 }, ...change[1] });
}

/** An API with one route, which takes a body and says how many bytes it has. */
export function takingApi(): Pick<Api, "fetch"> {
  const app = new OpenAPIHono<Environment>();
  app.onError(failure(() => {}, { note: () => {} }));
  app.use(limitBody(LARGEST_BODY));
  app.post("/take", async (c) => c.text(`${(await c.req.arrayBuffer()).byteLength} bytes`));
  return { fetch: async (request, peer) => await app.fetch(request, peer) };
}

/** Serves an API with limits of a test's own. */
export async function served(
  limits: Partial<HttpLimits>,
  api: Pick<Api, "fetch"> = patientApi(),
  more: Partial<ServeOptions> = {},
): Promise<Served> {
  const { events, onEvent } = listen();
  const ports = { clock: systemClock, randomId: () => crypto.randomUUID(), onEvent };
  const server = await serveApi(api, { host: "127.0.0.1", port: 0, ...ports, limits, ...more });
  if ("reason" in server) throw new Error(server.text);
  return {
    port: server.port,
    events,
    async say(text): Promise<RawConnection> {
      const connection = await RawConnection.open(server.port);
      await connection.write(text);
      return connection;
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** A request that asks whether the process lives. */
export function ask(...headers: string[]): string {
  return `GET /healthz HTTP/1.1\r\nHost: localhost\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`;
}
