/**
 * What the contract names and this version cannot do yet is refused by name.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses(
  "a history that is set is not available yet",
  { add: "history: { max_bytes: 512MiB, keep: 30d }\n" },
  ['gateway.yaml:3:1 history: Not available yet, found "history", allowed false'],
);

refuses("HTTPS is not available yet", {
  add: "api: { tls: { cert_file: a, key_file: b } }\n",
  files: { "a": "x", "b": "y" },
}, [
  'gateway.yaml:3:8 api.tls: Not available yet, found "tls", allowed plain HTTP behind a proxy that speaks HTTPS',
]);
