import { lookup } from "node:dns/promises";
import type { Server } from "node:http";
import { identityProblem } from "../../model/mod.ts";

/** Why it cannot listen. */
export interface ServeRefusal {
  /** The word for programs. */
  readonly reason: "port_in_use" | "address_not_here" | "not_permitted" | "tls" | "unknown";
  /** The sentence for people. */
  readonly text: string;
}

/** Where and how. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/**
 * Begins to listen.
 *
 * @returns the port, or why it cannot listen
 */
export async function listen(server: Server, options: ListenOptions): Promise<number | ServeRefusal> {
  const { host, port, tls } = options;
  const cannot = `The API cannot listen on "${host}:${port}"`;
  const wrong = tls === undefined ? undefined : identityProblem(tls);
  if (wrong !== undefined) {
    return { reason: "tls", text: `${cannot}: the certificate or its key is not accepted (${wrong})` };
  }
  try {
    const address = await addressOf(host);
    const place = `${address.includes(":") ? `[${address}]` : address}:${port}`;
    // Asked before, since node:net throws its refusal where nobody can catch it.
    const { state } = await Deno.permissions.query({ name: "net", host: place });
    if (state !== "granted") return notPermitted(cannot, place);
    return await new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, address, () => {
        server.off("error", reject);
        const bound = server.address();
        resolve(typeof bound === "object" && bound !== null ? bound.port : port);
      });
    });
  } catch (error) {
    return refusal(error, cannot);
  }
}

/** The address that a name stands for, IPv4 first: `localhost` is 127.0.0.1, and needs no resolver. */
async function addressOf(host: string): Promise<string> {
  if (host === "localhost") return "127.0.0.1";
  if (/^[\d.]+$/.test(host) || host.includes(":")) return host;
  const found = await lookup(host, { all: true, verbatim: true });
  return (found.find(({ family }) => family === 4) ?? found[0])?.address ?? host;
}

/** What the system calls an address that is none of this machine's. */
const NOT_HERE = new Set(["EADDRNOTAVAIL", "EINVAL", "ENOTFOUND"]);

function refusal(error: unknown, cannot: string): ServeRefusal {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "EADDRINUSE") {
    const text =
      `${cannot}: the port is in use; end the program that has it or set api.listen to another port`;
    return { reason: "port_in_use", text };
  }
  if (NOT_HERE.has(code)) {
    const text = `${cannot}: this machine does not have that address; set api.listen to one that it has`;
    return { reason: "address_not_here", text };
  }
  if (code === "EACCES") {
    return { reason: "not_permitted", text: `${cannot}: it is not permitted; use a port above 1023` };
  }
  return { reason: "unknown", text: `${cannot}: ${error instanceof Error ? error.message : String(error)}` };
}

function notPermitted(cannot: string, place: string): ServeRefusal {
  const text = `${cannot}: this process has no right to "${place}"; run it with --allow-net=${place}, ` +
    "deno task permissions prints all that a configuration needs";
  return { reason: "not_permitted", text };
}
