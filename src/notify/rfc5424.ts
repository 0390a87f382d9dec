/** A syslog message before it is encoded. */
export interface SyslogMessage {
  /** 0 … 23, e.g. 16 for `local0` (RFC 5424 §6.2.1). */
  readonly facility: number;
  /** 0 emergency … 7 debug. */
  readonly severity: number;
  /** RFC 3339 with at most six digits of a second; `null` where it is not known. */
  readonly time: string | null;
  /** Name of this gateway. */
  readonly hostname: string;
  /** Name of the program. */
  readonly appName: string;
  /** Kind of message. */
  readonly msgId: string;
  /** One element of structured data: its id and its parameters, of which a name may come more than once. */
  readonly data: { readonly id: string; readonly params: readonly (readonly [string, string])[] };
  /** The text for people. */
  readonly text: string;
}

/** Longest value of a parameter, code points. */
const LONGEST_VALUE = 256;

const NIL = "-";
const BOM = "\ufeff";
const encoder = new TextEncoder();

/**
 * Encodes a message as RFC 5424 §6 has it: version 1, header fields in printable ASCII or `-`, one element of
 * structured data, the text as UTF-8 behind a BOM. Control characters become spaces, since a line break would end
 * the message for many a receiver.
 *
 * @param largest bytes of the whole; only the text is shortened to fit
 */
export function encodeSyslog(message: SyslogMessage, largest: number): Uint8Array {
  const header = [
    `<${message.facility * 8 + message.severity}>1`,
    message.time ?? NIL,
    printable(message.hostname, 255),
    printable(message.appName, 48),
    NIL,
    printable(message.msgId, 32),
  ].join(" ");
  const params = message.data.params.map(([name, value]) => ` ${paramName(name)}="${paramValue(value)}"`);
  const head = encoder.encode(`${header} [${message.data.id}${params.join("")}] ${BOM}`);
  const text = encoder.encode(clean(message.text));
  const room = Math.max(0, largest - head.length);
  const whole = new Uint8Array(head.length + Math.min(room, text.length));
  whole.set(head);
  whole.set(text.subarray(0, room), head.length);
  return whole.subarray(0, wholeCharacters(whole));
}

/** A message on a byte stream: its length in digits and a space before it (RFC 6587 §3.4.1, RFC 5425 §4.3). */
export function octetCounted(message: Uint8Array): Uint8Array {
  const count = encoder.encode(`${message.length} `);
  const frame = new Uint8Array(count.length + message.length);
  frame.set(count);
  frame.set(message, count.length);
  return frame;
}

/** A header field: printable ASCII without spaces (PRINTUSASCII); whatever else there is becomes `_`. */
function printable(text: string, longest: number): string {
  return text.replace(/[^\x21-\x7e]/gu, "_").slice(0, longest) || NIL;
}

/** SD-NAME (§6.3.3): printable ASCII but `=`, space, `]` and `"`, at most 32. */
function paramName(name: string): string {
  return name.replace(/[^\x21-\x7e]|[=\]"]/gu, "_").slice(0, 32) || "_";
}

/** PARAM-VALUE (§6.3.3): `"`, `\` and `]` behind a backslash. */
function paramValue(value: string): string {
  const points = [...clean(value)];
  const short = points.length > LONGEST_VALUE ? [...points.slice(0, LONGEST_VALUE - 1), "…"] : points;
  return short.join("").replace(/["\\\]]/g, (character) => `\\${character}`);
}

function clean(text: string): string {
  // deno-lint-ignore no-control-regex -- taking control characters out is the purpose
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ");
}

/** Where the last character that is whole ends: bytes `10xxxxxx` continue one (RFC 3629 §3). */
function wholeCharacters(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  const first = bytes[start] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return start + length <= bytes.length ? bytes.length : start;
}
