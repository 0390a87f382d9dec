import type { GatewayConfig } from "../config/mod.ts";
import { Keyring, type MissingKey } from "../enrich/mod.ts";
import { GatewayProblem } from "./problem.ts";

/** Hands the keys of a configuration over; those of an earlier one stay, since what is journalled may need them. */
export function addKeys(keyring: Keyring, config: GatewayConfig): Keyring {
  for (const { id, secret } of config.privacy.keys) keyring.add(id, secret.reveal());
  return keyring;
}

/** The keys of a configuration. */
export function keyringOf(config: GatewayConfig): Keyring {
  return addKeys(new Keyring(), config);
}

/** What to do where messages are journalled under a key that the configuration no longer names. */
export function withoutKey({ keyId }: MissingKey): GatewayProblem {
  return new GatewayProblem(
    2,
    `The inbox holds messages that were received under the privacy key "${keyId}", and the configuration does not ` +
      "name it; add its file to privacy.former_key_files, and take it out again after this start",
  );
}
