import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { type ConnectionFailure, failureOf, failureOfCode } from "../../../src/ingest/failure.ts";
import { describeFailure } from "../../../src/ingest/failure_text.ts";

const CONTEXT = {
  broker: "mqtts://broker:8883",
  serverName: "broker",
  clientId: "sluice-1",
  username: "gateway",
  protocol: 5,
} as const;

const ALL: readonly ConnectionFailure[] = [
  { reason: "unknown_host" },
  { reason: "connection_refused" },
  { reason: "no_answer" },
  { reason: "reset" },
  { reason: "closed_by_broker" },
  { reason: "left" },
  { reason: "keepalive" },
  { reason: "silent", after: 5_000 },
  { reason: "stalled", after: 5_000 },
  { reason: "client_certificate_missing" },
  { reason: "client_certificate_refused" },
  { reason: "unknown_authority" },
  { reason: "wrong_name", detail: "altnames: other.example" },
  { reason: "certificate_expired" },
  { reason: "certificate_not_yet_valid" },
  { reason: "tls_failed", detail: "unsupported protocol" },
  { reason: "bad_credentials" },
  { reason: "not_authorised" },
  { reason: "protocol_refused" },
  { reason: "client_id_refused" },
  { reason: "taken_over" },
  { reason: "broker_unavailable", code: 136 },
  { reason: "refused", code: 138 },
  { reason: "protocol_error", detail: "Invalid header" },
  { reason: "password_unreadable", detail: "No such file" },
  { reason: "other", detail: "EFOO: what" },
];

Deno.test("each failure has its own line, which names the broker", () => {
  const lines = ALL.map((failure) => describeFailure(failure, CONTEXT));
  assertEquals(new Set(lines).size, lines.length);
  for (const line of lines) {
    assert(line.includes('"mqtts://broker:8883"'), line);
    assertNotMatch(line, /\n|\.$|n't/);
  }
});

Deno.test("return codes of MQTT 3.1.1 and reason codes of MQTT 5 mean the same failures", () => {
  for (const [old, now] of [[1, 132], [2, 133], [4, 134], [5, 135]] as const) {
    assertEquals(failureOfCode(old), failureOfCode(now));
  }
  assertEquals(failureOfCode(138), { reason: "refused", code: 138 });
});

Deno.test("an error is judged by its code and keeps its words only where the code says nothing", () => {
  assertEquals(failureOf(coded("ENOTFOUND")), { reason: "unknown_host" });
  assertEquals(failureOf(coded("ERR_SSL_UNSUPPORTED_PROTOCOL")), { reason: "tls_failed", detail: "words" });
  assertEquals(failureOf(coded("EFOO")), { reason: "other", detail: "EFOO: words" });
  assertEquals(failureOf(new Error("words")), { reason: "other", detail: "words" });
});

function coded(code: string): Error & { readonly code: string } {
  return Object.assign(new Error("words"), { code });
}
