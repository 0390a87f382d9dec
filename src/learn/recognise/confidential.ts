/** Shown in the place of a value that nobody should see. */
export const HIDDEN = "••••••";

/** Words of a name that stand before what must not be shown. */
const WORDS =
  /^(?:pass|passwd|password|passphrase|passcode|pwd|pw|psk|pin|secret|secrets|token|tokens|jwt|bearer|auth|authorization|credential|credentials|cookie|session|signature|sig|key|keys|apikey|privatekey|cert|certificate|ssn|iban|email|mail|phone)$/;
/** The same within a name without separators. */
const WITHIN = /passw|secret|token|apikey|credential|privatekey/;

/** The words of a name: `wifiPassword`, `api_key`, `x-auth-token`. */
export function wordsOf(name: string): string[] {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9%°µ]+/).filter((word) =>
    word !== ""
  );
}

/** A field whose values may be a credential, or say who somebody is. */
export function isConfidentialName(name: string): boolean {
  const words = wordsOf(name);
  return words.some((word) => WORDS.test(word)) || WITHIN.test(words.join(""));
}

/** A text that looks like a credential or an address wherever it stands. */
export function isConfidentialText(text: string): boolean {
  if (/^eyJ[\w-]+\.[\w-]+\./.test(text) || /\bBearer\s/i.test(text) || text.includes("-----BEGIN")) {
    return true;
  }
  if (/[^\s@]+@[^\s@]+\.[^\s@]+/.test(text) || /:\/\/[^/\s]*:[^/\s]*@/.test(text)) return true;
  return /^[A-Za-z0-9+/_=-]{24,}$/.test(text) && /\d/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text);
}
