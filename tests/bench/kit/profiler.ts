/** Where the time of one thread went. */
export interface Profile {
  /** Time looked at, ms. */
  readonly total: number;
  /** Functions by the time spent in themselves, most first. */
  readonly functions: readonly FunctionShare[];
}

/** A function's own time. */
export interface FunctionShare {
  /** Its name; "(garbage collector)", "(idle)" and "(program)" are V8's own. */
  readonly name: string;
  /** File and line, without the folder of the checkout. */
  readonly place: string;
  /** Part of the time that was not idle. */
  readonly share: number;
}

/** What the inspector says of one function. */
interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

interface Recorded {
  readonly nodes: readonly Node[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Between two samples, µs. */
const INTERVAL = 250;

/**
 * Samples a process that was started with `--inspect`, over the Chrome DevTools protocol.
 *
 * @param port of its inspector
 * @param work lasts as long as is to be looked at
 */
export async function profiled(port: number, work: () => Promise<unknown>): Promise<Profile> {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const session = await Session.open(target.webSocketDebuggerUrl);
  try {
    await session.ask("Profiler.enable");
    await session.ask("Profiler.setSamplingInterval", { interval: INTERVAL });
    await session.ask("Profiler.start");
    await work();
    const { profile } = await session.ask("Profiler.stop");
    return summed(profile);
  } finally {
    await session.close();
  }
}

/** The profile's first functions as lines of text. */
export function profileText({ functions, total }: Profile, most = 10): string[] {
  const lines = functions.slice(0, most).map(({ name, place, share }) =>
    `${(100 * share).toFixed(1).padStart(5)} %  ${name.padEnd(28)} ${place}`
  );
  return [`${(total / 1_000).toFixed(1)} s of one thread, without idle time`, ...lines];
}

/** Questions and answers of the protocol. */
class Session {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: { readonly profile: Recorded }) => void>();
  #asked = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const { id, result } = JSON.parse(data);
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    };
  }

  static async open(url: string): Promise<Session> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`The inspector at ${url} does not answer`));
    });
    return new Session(socket);
  }

  ask(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
  ): Promise<{ readonly profile: Recorded }> {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.onclose = () => resolve();
      this.#socket.close();
    });
  }
}

function summed({ nodes, samples, timeDeltas }: Recorded): Profile {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let [total, idle] = [0, 0];
  for (const [n, sample] of samples.entries()) {
    const frame = places.get(sample);
    const time = timeDeltas[n] ?? 0;
    if (frame === undefined || frame.functionName === "(root)") continue;
    total += time;
    if (frame.functionName === "(idle)") idle += time;
    else {
      const key = `${frame.functionName || "(anonymous)"}\n${placeOf(frame)}`;
      times.set(key, (times.get(key) ?? 0) + time);
    }
  }
  const busy = total - idle;
  const functions = [...times].sort(([, a], [, b]) => b - a).map(([key, time]): FunctionShare => {
    const [name = "", place = ""] = key.split("\n");
    return { name, place, share: time / busy };
  });
  return { total: busy / 1_000, functions };
}

function placeOf({ url, lineNumber }: Node["callFrame"]): string {
  if (url === "") return "";
  const root = new URL("../../..", import.meta.url).href;
  const file = url.startsWith(root)
    ? url.slice(root.length)
    : url.replace(/^.*\/(?=npm\/|registry|node:|ext:)/, "");
  return `${file.replace(/^.*\/registry\.npmjs\.org\//, "npm:")}:${lineNumber + 1}`;
}
