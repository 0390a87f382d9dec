/** A syslog message as a strict reader of RFC 5424 sees it. */
export interface ParsedSyslog {
  readonly facility: number;
  readonly severity: number;
  readonly timestamp: string;
  readonly hostname: string;
  readonly appName: string;
  readonly procId: string;
  readonly msgId: string;
  /** By element and parameter; a parameter may come more than once. */
  readonly data: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;
  /** The text behind the BOM. */
  readonly text: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BOM = "\ufeff";

/** Fields of the header by RFC 5424 §6: `-`, or printable ASCII of at most so many characters. */
const HEADER = new RegExp(
  [
    "^<(0|[1-9][0-9]{0,2})>1",
    "(-|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2}))",
    "([!-~]{1,255})",
    "([!-~]{1,48})",
    "([!-~]{1,128})",
    "([!-~]{1,32}) ",
  ].join(" "),
);

/**
 * Reads one message, written from the grammar of RFC 5424 §6 and from nothing of the encoder.
 *
 * @throws {Error} where the grammar is broken
 */
export function parseSyslog(bytes: Uint8Array): ParsedSyslog {
  const whole = decoder.decode(bytes);
  const header = HEADER.exec(whole);
  if (header === null) throw new Error(`No header of RFC 5424: ${whole}`);
  const [, pri = "", timestamp = "", hostname = "", appName = "", procId = "", msgId = ""] = header;
  if (Number(pri) > 191) throw new Error(`PRI ${pri} is above 191`);
  const rest = whole.slice(header[0].length);
  const { data, end } = rest.startsWith("- ") ? { data: new Map(), end: 1 } : elements(rest);
  if (rest[end] !== " ") throw new Error(`No space behind the structured data: ${rest}`);
  const text = rest.slice(end + 1);
  if (!text.startsWith(BOM)) throw new Error(`No BOM before the text: ${text}`);
  return {
    facility: Math.floor(Number(pri) / 8),
    severity: Number(pri) % 8,
    ...{ timestamp, hostname, appName, procId, msgId, data },
    text: text.slice(1),
  };
}

function elements(text: string): { data: ParsedSyslog["data"]; end: number } {
  const data = new Map<string, Map<string, string[]>>();
  let at = 0;
  const fail = (why: string): never => {
    throw new Error(`${why} at ${at} of ${text}`);
  };
  const name = (): string => {
    const [found = ""] = /^[!#-<>-\\^-~]{1,32}/.exec(text.slice(at)) ?? [];
    at += found.length;
    return found === "" ? fail("no SD-NAME") : found;
  };
  while (text[at] === "[") {
    at++;
    const id = name();
    if (data.has(id)) fail("an SD-ID twice");
    const params = new Map<string, string[]>();
    data.set(id, params);
    while (text[at] === " ") {
      at++;
      const param = name();
      if (text.slice(at, at + 2) !== '="') fail("no =");
      at += 2;
      let value = "";
      while (text[at] !== '"') {
        if (at >= text.length || text[at] === "]") fail("an open PARAM-VALUE");
        if (text[at] === "\\" && /["\\\]]/.test(text[at + 1] ?? "")) at++;
        value += text[at++];
      }
      at++;
      params.set(param, [...params.get(param) ?? [], value]);
    }
    if (text[at] !== "]") fail("no ]");
    at++;
  }
  if (data.size === 0) fail("no structured data");
  return { data, end: at };
}

/** Takes the frames of a byte stream apart (RFC 6587 §3.4.1); the last one may be incomplete. */
export function frames(stream: Uint8Array): { whole: Uint8Array[]; rest: Uint8Array } {
  const whole: Uint8Array[] = [];
  let rest = stream;
  while (true) {
    const space = rest.indexOf(0x20);
    if (space < 0) return { whole, rest };
    const digits = decoder.decode(rest.subarray(0, space));
    if (!/^[1-9][0-9]*$/.test(digits)) throw new Error(`No octet count: "${digits}"`);
    const end = space + 1 + Number(digits);
    if (rest.length < end) return { whole, rest };
    whole.push(rest.subarray(space + 1, end));
    rest = rest.subarray(end);
  }
}
