import type { ServerResponse } from "node:http";
import type { ApiTime } from "../api_time.ts";

/**
 * Hands an answer to its client. One that is not taken in time is cut off, and the connection with it; a stream of
 * events lasts as long as it likes, as long as each of its parts is taken in time.
 *
 * @param within ms
 * @returns when it is out, or nobody is there any more
 */
export async function sendAnswer(
  answer: Response,
  to: ServerResponse,
  clock: Pick<ApiTime, "after">,
  within: number,
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
  const taken = async (begin: (done: () => void) => void): Promise<void> => {
    const timer = clock.after(within, () => to.destroy());
    await Promise.race([new Promise<void>(begin), closed]);
    timer.cancel();
  };
  if (!(answer.headers.get("content-type") ?? "").startsWith("text/event-stream")) {
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (to.destroyed) return;
    return await taken((done) => to.on("close", done).end(bytes));
  }
  const parts = answer.body?.getReader();
  void closed.then(() => parts?.cancel()).catch(() => {});
  while (!to.destroyed) {
    const part = await parts?.read();
    if (part?.value === undefined || part.done) break;
    await taken((done) => to.write(part.value, () => done()));
  }
  if (!to.destroyed) await taken((done) => to.on("close", done).end());
}
