/** Ports handed out by this process, so that two helpers of one test never get the same one. */
const handedOut = new Set<number>();

/**
 * A loopback port that is free now.
 *
 * The kernel picks it; it is closed again before the service under test binds it, so a stranger could take it
 * in between. Ports are therefore not reused within a process.
 */
export function freePort(): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error("No free loopback port after 100 attempts");
}
