import { type CliIo, EXIT } from "./io.ts";

/** How long an answer may take, ms. */
const PATIENCE = 5_000;

/** Gets a URL; rejects where nothing answers. */
export type Get = (url: string) => Promise<{ readonly status: number; readonly text: string }>;

/**
 * `health`: asks a running gateway whether it lives, or whether it is ready, for supervisors such as Docker.
 *
 * @returns 0 it does · 1 it does not, or does not answer · 2 wrong usage
 */
export async function health(
  args: { readonly url: string; readonly ready: boolean },
  io: CliIo,
  get: Get = getOverHttp,
): Promise<number> {
  const base = URL.parse(args.url);
  if (base === null || !["http:", "https:"].includes(base.protocol)) {
    io.stderr(`The address cannot be read, found "${args.url}"; allowed is http://HOST:PORT\n`);
    return EXIT.usage;
  }
  const url = new URL(args.ready ? "/readyz" : "/healthz", base).href;
  try {
    const { status, text } = await get(url);
    io.stdout(`${status} ${text.trim()}\n`);
    return status === 200 ? EXIT.done : EXIT.failed;
  } catch (error) {
    io.stderr(
      `The gateway does not answer at ${url}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return EXIT.failed;
  }
}

async function getOverHttp(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE), redirect: "manual" });
  return { status: response.status, text: await response.text() };
}
