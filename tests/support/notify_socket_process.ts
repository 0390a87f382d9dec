/// <reference lib="deno.unstable" />
/**
 * Listens on a unix datagram socket as systemd does and prints what comes, one line a datagram. A process of its own,
 * since Deno has such sockets behind a flag only: `deno run --unstable-net … PATH`.
 * @module
 */
const [path = ""] = Deno.args;
const socket = Deno.listenDatagram({ transport: "unixpacket", path });
const encoder = new TextEncoder();
Deno.stdout.writeSync(encoder.encode('"listening"\n'));
for await (const [bytes] of socket) {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(new TextDecoder().decode(bytes))}\n`));
}
