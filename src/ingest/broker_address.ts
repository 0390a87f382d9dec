/** Where the broker is and how it is spoken to. */
export interface BrokerAddress {
  /** How it is spoken to. */
  readonly scheme: "mqtt" | "mqtts" | "ws" | "wss";
  /** Host name or IP address; an IPv6 address without its brackets. */
  readonly host: string;
  /** Port, the scheme's own where the URL has none. */
  readonly port: number;
  /** Path of a WebSocket; `/` for the others. */
  readonly path: string;
  /** The address as text, without credentials. */
  readonly text: string;
  /** The connection is encrypted. */
  readonly secure: boolean;
}

/** Standard ports of the schemes. */
const PORTS = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 } as const;

/**
 * Reads a broker's URL.
 *
 * @param url `mqtt://`, `mqtts://`, `ws://` or `wss://`, host, optional port, for WebSockets a path
 * @throws TypeError where it is none; a configuration that was checked does not get here
 */
export function parseBrokerAddress(url: string): BrokerAddress {
  const parsed = URL.parse(url);
  const scheme = schemeOf(parsed?.protocol);
  if (parsed === null || scheme === undefined || parsed.hostname === "") {
    throw new TypeError(
      `The broker address "${
        withoutCredentials(url)
      }" cannot be used: mqtt://, mqtts://, ws:// or wss:// and a host are needed`,
    );
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const port = parsed.port === "" ? PORTS[scheme] : Number(parsed.port);
  const webSocket = scheme === "ws" || scheme === "wss";
  const path = webSocket ? `${parsed.pathname || "/"}${parsed.search}` : "/";
  const text = `${scheme}://${parsed.hostname}:${port}${webSocket && path !== "/" ? parsed.pathname : ""}`;
  return { scheme, host, port, path, text, secure: scheme === "mqtts" || scheme === "wss" };
}

function schemeOf(protocol: string | undefined): BrokerAddress["scheme"] | undefined {
  switch (protocol) {
    case "mqtt:":
      return "mqtt";
    case "mqtts:":
      return "mqtts";
    case "ws:":
      return "ws";
    case "wss:":
      return "wss";
    default:
      return undefined;
  }
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
