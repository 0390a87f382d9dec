import { type ApiToken, createApi, type OnEvent, serveApi, type TokenSource } from "../api/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { beginAudit } from "./audit_life.ts";
import type { Parts } from "./parts.ts";
import { GatewayProblem } from "./problem.ts";
import { VERSION } from "./version.ts";
import { makePages } from "../ui/mod.ts";
import { makeViews } from "./views/views.ts";

/** Requests that may come at once, in seconds of the rate: a page that is opened asks for much, then for little. */
const BURST = 5;

/**
 * Serves the API and the page.
 *
 * @returns the address
 * @throws {GatewayProblem} where it must not, or cannot, listen
 */
export async function serve(parts: Parts, lifecycle: Lifecycle): Promise<string> {
  const { listen, tls, rate } = parts.config.api;
  const { clock, randomId } = parts.ports;
  const onEvent: OnEvent = (name, level, facts) => parts.telemetry.observer.event(name, level, facts);
  const api = createApi(makeViews(parts), {
    version: VERSION,
    listenHost: listen.hostname,
    tokens: tokensOf(parts),
    clock,
    randomId,
    onEvent,
    rateLimit: { perSecond: rate, burst: BURST * rate },
    pages: makePages(),
  });
  if (!("fetch" in api)) throw new GatewayProblem(2, api.text);
  await beginAudit(parts, lifecycle);
  const served = await serveApi(api, {
    host: listen.hostname,
    port: listen.port,
    clock,
    randomId,
    onEvent,
    ...(tls === undefined ? {} : { tls: { cert: tls.cert, key: tls.key.reveal() } }),
  });
  if ("reason" in served) throw new GatewayProblem(1, served.text);
  lifecycle.began("api", async () => {
    await served.close();
    api.close();
  });
  // Who still waits for a command gets an answer before the API waits for its answers to end.
  lifecycle.began("commands", () => parts.core.commands.close());
  const host = listen.hostname.includes(":") ? `[${listen.hostname}]` : listen.hostname;
  return `${tls === undefined ? "http" : "https"}://${host}:${served.port}`;
}

/** The tokens in force: a reload brings another configuration. */
function tokensOf(parts: Parts): TokenSource {
  let [of, tokens]: [unknown, readonly ApiToken[]] = [undefined, []];
  return () => {
    const { api } = parts.config;
    if (of !== api) {
      of = api;
      tokens = api.tokens.map(({ sha256, ...token }) => ({ ...token, hash: `sha256:${sha256}` }));
    }
    return tokens;
  };
}
