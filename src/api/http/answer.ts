import type { ServerResponse } from "node:http";
import type { ApiTime } from "../api_time.ts";

/**
 * Hands an answer to its client. One that is not taken in time is cut off, and the connection with it; a stream of
 * events lasts until either side ends it or the server closes, as long as each of its parts is taken in time; a stream
 * that fails is cut off at once, also where its client has not taken what came before.
 *
 * @param within ms
 * @param closing ends a stream
 * @returns when it is out, or nobody is there any more
 */
export async function sendAnswer(
  answer: Response,
  to: ServerResponse,
  clock: Pick<ApiTime, "after">,
  within: number,
  closing: AbortSignal,
): Promise<void> {
  to.statusCode = answer.status;
  if (answer.statusText !== "") to.statusMessage = answer.statusText;
  for (const [name, value] of answer.headers) {
    if (name !== "set-cookie") to.setHeader(name, value);
  }
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) to.setHeader("set-cookie", cookies);
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  to.on("close", resolve);
  const taken: Taken = async (begin) => {
    const timer = clock.after(within, () => to.destroy());
    await Promise.race([new Promise<void>(begin), closed]);
    timer.cancel();
  };
  if ((answer.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
    await sendStream(answer.body?.getReader(), to, taken, closing);
    if (!to.destroyed) await taken((done) => to.on("close", done).end());
    return;
  }
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!to.destroyed) await taken((done) => to.on("close", done).end(bytes));
}

/** Waits until what is begun is done, nobody is there any more, or it has taken too long. */
type Taken = (begin: (done: () => void) => void) => Promise<void>;

async function sendStream(
  parts: ReadableStreamDefaultReader<Uint8Array> | undefined,
  to: ServerResponse,
  taken: Taken,
  closing: AbortSignal,
): Promise<void> {
  if (parts === undefined) return;
  let writing = false;
  const leave = (): void => void parts.cancel().catch(() => {});
  const close = (): void => {
    leave();
    // Whoever takes nothing now is not waited for.
    if (writing) to.destroy();
  };
  to.on("close", leave);
  // A stream has no end to wait for: who closes their side, which is allowed behind a request, has gone.
  const gone = (): void => void to.destroy();
  to.socket?.on("end", gone);
  closing.addEventListener("abort", close);
  if (to.destroyed || closing.aborted) leave();
  parts.closed.catch(() => to.destroy());
  try {
    while (!to.destroyed) {
      const part = await parts.read();
      if (part.done) break;
      writing = true;
      await taken((done) => to.write(part.value, () => done()));
      writing = false;
    }
  } catch {
    to.destroy();
  } finally {
    to.socket?.off("end", gone);
    closing.removeEventListener("abort", close);
  }
}
