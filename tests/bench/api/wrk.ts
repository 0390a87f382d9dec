/** What wrk saw of one route. */
export interface WrkReport {
  readonly perSecond: number;
  /** From request to answer, 99th percentile, ms. */
  readonly p99: number;
  /** Answers other than 2xx and 3xx. */
  readonly refused: number;
}

/** Connections that ask at once, from one thread: an operator's page, a few screens, a scraper. */
const CONNECTIONS = 8;

/** Whether wrk (https://github.com/wg/wrk) is there. */
export async function wrkInstalled(): Promise<boolean> {
  try {
    await new Deno.Command("wrk", { args: ["--version"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Asks for an address over and over, so many seconds. */
export async function wrk(url: string, seconds: number): Promise<WrkReport> {
  const { stdout } = await new Deno.Command("wrk", {
    args: ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", url],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  return reportOf(new TextDecoder().decode(stdout));
}

/** Reads what wrk prints. */
export function reportOf(text: string): WrkReport {
  const p99 = /^\s+99%\s+([\d.]+)(us|ms|s)$/m.exec(text);
  const perSecond = /^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1];
  if (p99 === null || perSecond === undefined) throw new Error(`wrk said "${text}"`);
  const unit = { us: 0.001, ms: 1, s: 1_000 }[String(p99[2])] ?? NaN;
  const refused = Number(/^\s*Non-2xx or 3xx responses: (\d+)$/m.exec(text)?.[1] ?? 0);
  return { perSecond: Number(perSecond), p99: unit * Number(p99[1]), refused };
}
