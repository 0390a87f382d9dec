/** A secret of a configuration, and every form in which it could come out. */
export interface Planted {
  /** Which one it is. */
  readonly name: string;
  /** What stands in the file or the environment. */
  readonly text: string;
  /** Texts none of which may be seen; Latin 1, so that bytes are found as well. */
  readonly forms: readonly string[];
}

const encoder = new TextEncoder();

/** A secret that nobody could make up. */
export function plant(name: string): Planted {
  const random = crypto.getRandomValues(new Uint8Array(9)).toHex();
  const text = `planted/${name}?${random}`;
  return { name, text, forms: formsOf(text) };
}

/** A key of 32 random bytes, as its file has it. */
export function plantKey(name: string): Planted {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = bytes.toBase64();
  return { name, text, forms: [...formsOf(text), latin1(bytes), bytes.toHex(), text.replace(/=+$/, "")] };
}

/** A private key: each whole line of its PEM. */
export function plantedPem(name: string, pem: string): Planted {
  return { name, text: pem, forms: pem.split("\n").filter((line) => /^[A-Za-z0-9+/]{40,}$/.test(line)) };
}

/** The secrets that a text holds, in any form. */
export function seen(secrets: readonly Planted[], text: string): string[] {
  return secrets.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ name }) => name);
}

/** Bytes as text in which each is one character. */
export function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** As it is, percent-encoded, as JSON has it, in hexadecimal digits, and within a longer text in base64. */
function formsOf(text: string): string[] {
  const bytes = encoder.encode(text);
  return [
    ...new Set([
      text,
      encodeURIComponent(text),
      JSON.stringify(text).slice(1, -1),
      bytes.toHex(),
      ...[0, 1, 2].map((shift) => base64Within(bytes, shift)),
    ]),
  ];
}

/** What base64 makes of bytes that begin at a place within others: the digits that depend on them alone. */
function base64Within(bytes: Uint8Array, shift: number): string {
  const padded = new Uint8Array(shift + bytes.length);
  padded.set(bytes, shift);
  const whole = padded.toBase64({ omitPadding: true });
  const end = Math.floor((shift + bytes.length) * 8 / 6);
  return whole.slice(Math.ceil(shift * 8 / 6), end);
}
