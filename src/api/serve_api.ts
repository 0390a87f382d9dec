import type { ApiTime } from "./api_time.ts";
import type { Api } from "./create_api.ts";

/** Longest time that answers under way get at the end, ms. */
const LONGEST_GOODBYE = 2_000;

/** Where to listen, and how. */
export interface ServeOptions {
  /** Host name or address. */
  readonly host: string;
  /** Port; 0 for any free one. */
  readonly port: number;
  /** Time. */
  readonly clock: Pick<ApiTime, "after">;
  /** Certificate chain and key in PEM, for HTTPS. */
  readonly tls?: {
    /** The certificate chain. */
    readonly cert: string;
    /** Its private key. */
    readonly key: string;
  };
}

/** A listening API. */
export interface ServedApi {
  /** The port that it listens on. */
  readonly port: number;
  /** Lets answers under way finish for at most 2 s, then stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Why it cannot listen. */
export interface ServeRefusal {
  /** The word for programs. */
  readonly reason: "port_in_use" | "address_not_here" | "not_permitted" | "tls" | "unknown";
  /** The sentence for people. */
  readonly text: string;
}

/**
 * Listens.
 *
 * @returns the listening API, or why it cannot listen
 */
export function serveApi(api: Api, options: ServeOptions): Promise<ServedApi | ServeRefusal> {
  const { host, port, tls } = options;
  const underWay = new Set<Promise<void>>();
  const stop = new AbortController();
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({
      hostname: host,
      port,
      signal: stop.signal,
      onListen: () => {},
      onError: () => new Response(null, { status: 500 }),
      ...(tls === undefined ? {} : tls),
    }, (request, info) => {
      const settled = info.completed.catch(() => {}).finally(() => underWay.delete(settled));
      underWay.add(settled);
      return api.fetch(request, { address: info.remoteAddr.hostname });
    });
  } catch (error) {
    return Promise.resolve(refusal(error, host, port));
  }
  return Promise.resolve({
    port: server.addr.port,
    async close(): Promise<void> {
      // Two ways, since an abort cuts off bytes that are on their way, and cannot follow a `server.shutdown()`
      // that waits: it would throw "Bad resource ID" (Deno 2.9.6).
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = options.clock.after(LONGEST_GOODBYE, resolve);
      const finished = Promise.all(underWay).then(() => true);
      if (await Promise.race([finished, late.then(() => false)])) {
        await Promise.race([server.shutdown(), late]);
      } else {
        stop.abort();
        await server.finished;
      }
      timer.cancel();
    },
  });
}

function refusal(error: unknown, host: string, port: number): ServeRefusal {
  const cannot = `The API cannot listen on "${host}:${port}"`;
  if (error instanceof Deno.errors.AddrInUse) {
    const text =
      `${cannot}: the port is in use; end the program that has it or set api.listen to another port`;
    return { reason: "port_in_use", text };
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    const text = `${cannot}: this machine does not have that address; set api.listen to one that it has`;
    return { reason: "address_not_here", text };
  }
  if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
    const text = `${cannot}: it is not permitted; use a port above 1023 or grant the permission`;
    return { reason: "not_permitted", text };
  }
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof Deno.errors.InvalidData) {
    return { reason: "tls", text: `${cannot}: the certificate or its key is not accepted (${words})` };
  }
  return { reason: "unknown", text: `${cannot}: ${words}` };
}
