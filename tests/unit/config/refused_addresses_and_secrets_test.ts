/**
 * Addresses, certificates, secrets, tokens and notifiers that are wrong.
 * @module
 */
import { refuses } from "./refuses.ts";

refuses("an unknown scheme of mqtt.url is refused", { add: 'mqtt: { url: "http://127.0.0.1:1883" }\n' }, [
  'gateway.yaml:3:14 mqtt.url: The address cannot be used, found "http://127.0.0.1:1883", allowed mqtt:// mqtts:// ws:// wss:// embedded:// and a host',
]);

refuses("an embedded broker needs a port", { add: 'mqtt: { url: "embedded://127.0.0.1" }\n' }, [
  'gateway.yaml:3:14 mqtt.url: The address cannot be used, found "embedded://127.0.0.1", allowed embedded:// with a host and a port',
]);

refuses("probes are off, or not more often than every second", { add: "mqtt: { probe: 500ms }\n" }, [
  'gateway.yaml:3:16 mqtt.probe: The value is out of range, found "500ms", allowed 0s, or 1s to 1h',
]);

refuses("a password in an address is refused and not shown", {
  add: 'mqtt: { url: "mqtt://me:hunter2@127.0.0.1:1883" }\n',
}, [
  'gateway.yaml:3:14 mqtt.url: The address holds a secret or parameters, found "mqtt://[secret]@127.0.0.1:1883", allowed scheme, host, port and path, give user and secret under keys of their own',
]);

refuses("a token in the parameters of an address is refused and not shown", {
  add: 'influxdb: { url: "http://db:8086?token=hunter2", org: o, bucket: b, token: t }\n',
}, [
  'gateway.yaml:3:18 influxdb.url: The address holds a secret or parameters, found "http://db:8086", allowed scheme, host, port and path, give user and secret under keys of their own',
]);

refuses("certificates need an address with TLS", {
  add: `mqtt:
  tls: { ca_file: ca.pem }
`,
  files: { "ca.pem": "PEM" },
}, [
  'gateway.yaml:4:10 mqtt.tls.ca_file: The key does not go with the others, found "ca_file", give mqtt.url with mqtts:// or wss://',
]);

refuses("a certificate needs its key", {
  add: `mqtt:
  url: mqtts://broker
  tls: { cert_file: a.pem }
`,
  files: { "a.pem": "PEM" },
}, ["gateway.yaml:5:3 mqtt.tls.key_file: Another key is needed, allowed cert_file and key_file together"]);

refuses("a key needs its certificate", {
  add: `mqtt:
  url: mqtts://broker
  tls: { key_file: a.pem }
`,
  files: { "a.pem": "PEM" },
}, ["gateway.yaml:5:3 mqtt.tls.cert_file: Another key is needed, allowed cert_file and key_file together"]);

refuses("a certificate that cannot be read is named", {
  add: `mqtt:
  url: mqtts://broker
  tls: { ca_file: ca.pem }
`,
}, [
  'gateway.yaml:5:19 mqtt.tls.ca_file: What is named here cannot be read, found "ca.pem", there is nothing at this path',
]);

refuses("a secret file that cannot be read is named", { add: "mqtt: { password_file: nowhere }\n" }, [
  'gateway.yaml:3:24 mqtt.password_file: What is named here cannot be read, found "nowhere", there is nothing at this path',
]);

refuses("an empty secret file is refused", {
  add: "mqtt: { password_file: empty }\n",
  files: { "empty": "\n" },
}, ['gateway.yaml:3:24 mqtt.password_file: The secret is empty, found "empty"']);

refuses("a secret given twice is refused", {
  add: `influxdb:
  org: o
  bucket: b
  token: hunter2
  token_file: t
`,
  files: { "t": "x" },
}, ["gateway.yaml:7:3 influxdb.token_file: The secret is given twice, allowed either token or token_file"]);

refuses("a secret of the wrong type is not shown", { add: "mqtt: { password: 123456 }\n" }, [
  "gateway.yaml:3:19 mqtt.password: The value has the wrong type, allowed a text, put it in quotes",
]);

refuses("version 2 needs org, bucket and token", { add: "influxdb: {}\n" }, [
  "gateway.yaml:3:1 influxdb.org: A required key is missing, allowed a text, version 2 needs it",
  "gateway.yaml:3:1 influxdb.bucket: A required key is missing, allowed a text, version 2 needs it",
  "gateway.yaml:3:1 influxdb.token: A required key is missing, allowed a text, version 2 needs it",
]);

refuses("version 1 needs a database", { add: "influxdb: { version: 1 }\n" }, [
  "gateway.yaml:3:1 influxdb.database: A required key is missing, allowed a text, version 1 needs it",
]);

refuses("keys of the other version are refused", {
  add: "influxdb: { version: 1, database: d, bucket: b }\n",
}, [
  'gateway.yaml:3:38 influxdb.bucket: The key does not go with the others, found "bucket", version 1 takes database, retention_policy, username, password, password_file',
]);

refuses("the first back-off is not longer than the longest", {
  add: "influxdb: { org: o, bucket: b, token: t, retry: { initial: 2m } }\n",
}, ["gateway.yaml:3:49 influxdb.retry: The range is upside down, allowed initial up to max"]);

refuses("a listen address without a port is refused", { add: "api: { listen: localhost }\n" }, [
  'gateway.yaml:3:16 api.listen: The listen address cannot be understood, found "localhost", allowed a host and a port: 127.0.0.1:8080, [::1]:8080',
]);

refuses(
  "listening on all addresses without tokens is refused",
  { add: 'api: { listen: "0.0.0.0:8080" }\n' },
  ['gateway.yaml:3:16 api.listen: The API would listen beyond this machine without tokens, found "0.0.0.0:8080", allowed 127.0.0.1, [::1] or localhost, add api.tokens, deno task token makes one'],
);

refuses("listening on an address of IPv6 without tokens is refused", {
  add: 'api: { listen: "[::]:8080" }\n',
}, [
  'gateway.yaml:3:16 api.listen: The API would listen beyond this machine without tokens, found "[::]:8080", allowed 127.0.0.1, [::1] or localhost, add api.tokens, deno task token makes one',
]);

refuses("a token in place of its hash is refused and not shown", {
  add: "api: { tokens: [{ name: a, role: viewer, hash: sluice_hunter2 }] }\n",
}, [
  "gateway.yaml:3:48 api.tokens[0].hash: The token hash cannot be understood, allowed sha256: and 64 hexadecimal digits, deno task token prints the line to paste",
]);

refuses("a bare token in the list of tokens is not shown", { add: "api: { tokens: [hunter2] }\n" }, [
  "gateway.yaml:3:17 api.tokens[0]: The value has the wrong type, allowed a mapping of keys",
]);

refuses("an unknown role is refused", {
  add:
    'api: { tokens: [{ name: a, role: boss, hash: "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }] }\n',
}, [
  'gateway.yaml:3:34 api.tokens[0].role: The value is not allowed, found "boss", allowed viewer, operator, admin',
]);

refuses("two tokens of one name are refused", {
  add: `api:
  tokens:
    - { name: a, role: viewer, hash: "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
    - { name: a, role: admin, hash: "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" }
`,
}, ['gateway.yaml:6:15 api.tokens[1].name: The name is given twice, found "a"']);

refuses("a webhook without an address is refused", { add: "notifiers: { ops: { webhook: {} } }\n" }, [
  "gateway.yaml:3:21 notifiers.ops.webhook.url: A required key is missing, allowed a text",
]);

refuses("the address of a webhook is never shown", {
  add: 'notifiers: { ops: { webhook: { url: "ftp://hooks/hunter2" } } }\n',
}, [
  "gateway.yaml:3:37 notifiers.ops.webhook.url: The address cannot be used, allowed http:// https:// and a host",
]);

refuses("a header that cannot be sent is refused and not shown", {
  add: 'notifiers: { ops: { webhook: { url: "https://h", headers: { "X Y": "hunter2" } } } }\n',
}, [
  'gateway.yaml:3:68 notifiers.ops.webhook.headers["X Y"]: The header cannot be sent, allowed a header name, and a value of printable ASCII',
]);

refuses("a notifier of no kind is refused", { add: "notifiers: { ops: {} }\n" }, [
  "gateway.yaml:3:14 notifiers.ops: Another key is needed, allowed exactly one of log: {}, webhook: {url}, email: {smtp, from, to}, syslog: {server}, mqtt: {topic}",
]);

refuses("a notifier of two kinds is refused", {
  add: 'notifiers: { ops: { log: {}, webhook: { url: "https://h" } } }\n',
}, [
  'gateway.yaml:3:14 notifiers.ops: The key does not go with the others, found "log, webhook", allowed exactly one of log: {}, webhook: {url}, email: {smtp, from, to}, syslog: {server}, mqtt: {topic}',
]);

refuses("an environment variable that is not set is named", { add: 'mqtt: { username: "${WHO}" }\n' }, [
  'gateway.yaml:3:19 mqtt.username: The environment variable is not set, found "WHO", set it or give a default: ${WHO:-default}',
]);

refuses("a reference that is none is refused", { add: 'mqtt: { username: "${WHO WHAT}" }\n' }, [
  'gateway.yaml:3:19 mqtt.username: The reference to an environment variable cannot be understood, found "${WHO WHAT}", allowed ${NAME} or ${NAME:-default}, write $${ for a text that begins with ${',
]);

refuses("a reference without an end is refused", { add: 'mqtt: { username: "${WHO" }\n' }, [
  'gateway.yaml:3:19 mqtt.username: The reference to an environment variable cannot be understood, found "${WHO", allowed ${NAME} or ${NAME:-default}, write $${ for a text that begins with ${',
]);

refuses("a value of the environment is shown as it is written", {
  add: 'mqtt: { url: "${URL}" }\n',
  env: { URL: "hunter2" },
}, [
  'gateway.yaml:3:14 mqtt.url: The address cannot be used, found "${URL}", allowed mqtt:// mqtts:// ws:// wss:// embedded:// and a host',
]);
