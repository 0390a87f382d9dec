import { createApi, type OnEvent, serveApi } from "../api/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { Parts } from "./parts.ts";
import { GatewayProblem } from "./problem.ts";
import { VERSION } from "./version.ts";
import { makeViews } from "./views/views.ts";

/**
 * Serves the API and the page.
 *
 * @returns the address
 * @throws {GatewayProblem} where it must not, or cannot, listen
 */
export async function serve(parts: Parts, lifecycle: Lifecycle): Promise<string> {
  const { listen, tokens, tls } = parts.config.api;
  const { clock, randomId } = parts.ports;
  const onEvent: OnEvent = (name, level, facts) => parts.telemetry.observer.event(name, level, facts);
  const api = createApi(makeViews(parts), {
    version: VERSION,
    listenHost: listen.hostname,
    tokens: tokens.map(({ name, role, sha256 }) => ({ name, role, hash: `sha256:${sha256}` })),
    clock,
    randomId,
    onEvent,
  });
  if (!("fetch" in api)) throw new GatewayProblem(2, api.text);
  const served = await serveApi(api, {
    host: listen.hostname,
    port: listen.port,
    clock,
    randomId,
    onEvent,
    ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key.reveal() } }),
  });
  if ("reason" in served) throw new GatewayProblem(1, served.text);
  lifecycle.began("api", () => served.close());
  const host = listen.hostname.includes(":") ? `[${listen.hostname}]` : listen.hostname;
  return `${tls === undefined ? "http" : "https"}://${host}:${served.port}`;
}
