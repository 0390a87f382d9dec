import { createSocket } from "node:dgram";
import type { Clock, Timer } from "../clock.ts";
import { connect, isIP, isIPv6, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Where a message goes. */
export interface SyslogPlace {
  readonly host: string;
  readonly port: number;
}

/** Certificates of a TLS connection, as PEM; without it the system's authorities are trusted. */
export interface SyslogTls {
  /** Authorities that are trusted instead of the system's. */
  readonly ca?: string;
  /** Certificate of this gateway, where the server asks for one. */
  readonly cert?: string;
  /** Its private key. */
  readonly key?: string;
  /** Name that the server's certificate must carry, where it is not the host. */
  readonly serverName?: string;
}

/**
 * Sends a datagram; resolves when it has left.
 *
 * @param signal breaks off a name that is still being resolved
 */
export async function sendDatagram(
  place: SyslogPlace,
  message: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const isV6 = isIPv6(place.host);
  // Asked before, since node:dgram throws its refusal where nobody can catch it.
  const own = isV6 ? "[::]:0" : "0.0.0.0:0";
  const { state } = await Deno.permissions.query({ name: "net", host: own });
  if (state !== "granted") {
    throw new Error(`this process has no right to send datagrams; run it with --allow-net=${own}`);
  }
  const socket = createSocket(isV6 ? "udp6" : "udp4");
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(new Error("the attempt was broken off"));
  signal.addEventListener("abort", abort);
  socket.on("error", reject);
  try {
    socket.send(message, place.port, place.host, (error) => error ? reject(error) : resolve());
  } catch (error) {
    reject(error);
  }
  return await promise.finally(() => {
    signal.removeEventListener("abort", abort);
    socket.close();
  });
}

/** How long a server may take to turn us away: so many times the handshake's own duration, and at least so many ms. */
const SECOND_THOUGHTS = 3;
const SHORTEST_THOUGHTS = 250;

/**
 * Sends one frame over a connection of its own, closes our side and waits until the server has closed its own: a
 * server does that when it has read to the end, so what it has not read is an error or no end at all.
 *
 * A server that does not accept our certificate may close in the same orderly way: the handshake of TLS 1.3 is over
 * for us before it has looked (RFC 8446 §4.4.2.4), and rsyslog looks after the handshake in any version. So within
 * TLS we listen for a moment before we speak.
 *
 * @param tls `undefined`: in clear
 * @param signal closes the connection at once
 */
export function sendFrame(
  place: SyslogPlace,
  tls: SyslogTls | undefined,
  frame: Uint8Array,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const begun = clock.monotonic();
  let thoughts: Timer | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = tls === undefined ? connect({ ...place }) : overTls(place, tls);
  let written = false;
  const abort = (): void => reject(new Error("the attempt was broken off"));
  signal.addEventListener("abort", abort);
  const speak = (): void => {
    socket.write(frame, () => written = true);
    socket.end();
  };
  if (tls === undefined) socket.on("connect", speak);
  else {
    socket.on("secureConnect", () => {
      const handshake = clock.monotonic() - begun;
      thoughts = clock.after(Math.max(SHORTEST_THOUGHTS, SECOND_THOUGHTS * handshake), speak);
    });
  }
  const ended = (): void => {
    if (written) return resolve();
    const hint = tls === undefined
      ? ""
      : "; it may not accept the certificate of this gateway: see cert_file";
    reject(new Error(`it closed the connection before it had the message${hint}`));
  };
  socket.on("error", reject);
  socket.on("end", ended);
  socket.on("close", ended);
  // Nothing is expected, but the end is only seen by who reads.
  socket.resume();
  return promise.finally(() => {
    thoughts?.cancel();
    signal.removeEventListener("abort", abort);
    socket.on("error", () => {});
    socket.destroy();
  });
}

function overTls(place: SyslogPlace, { ca, cert, key, serverName }: SyslogTls): Socket {
  const name = serverName ?? place.host;
  return connectTls({
    ...place,
    rejectUnauthorized: true,
    // An address has no place in the SNI extension (RFC 6066 §3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}
