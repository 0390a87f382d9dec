/** One request as a webhook receiver saw it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A webhook receiver on a free loopback port. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** Answers the requests that come from now on. */
  answer: (request: Received) => Response | Promise<Response>;
}

/** Starts a receiver that answers 204 until told otherwise. */
export function receiver(): Receiver {
  const received: Received[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const one = {
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: await request.text(),
    };
    received.push(one);
    return await self.answer(one);
  });
  const self: Receiver = {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    answer: () => new Response(null, { status: 204 }),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return self;
}
