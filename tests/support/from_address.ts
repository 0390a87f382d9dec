/** Addresses of loopback that this process has used. */
let used = 0;

/**
 * Asks from another address of this machine, one that no one has asked from before: what is counted by address begins
 * anew. Linux takes all of 127.0.0.0/8 for its own.
 */
export async function fromFreshAddress<T>(ask: (client: Deno.HttpClient) => Promise<T>): Promise<T> {
  const n = ++used;
  using client = Deno.createHttpClient({ localAddress: `127.${100 + (n >> 16)}.${n >> 8 & 255}.${n & 255}` });
  return await ask(client);
}
