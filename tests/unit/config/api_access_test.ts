/**
 * Certificates of the API and the expiry of its tokens: what is read, and what is refused.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { loadConfig, redact, renderProblem } from "../../../src/config/mod.ts";
import { makeCertificates } from "../../support/certificates.ts";
import { judged, memorySources, small } from "./memory_sources.ts";
import { refuses } from "./refuses.ts";

const TLS = "api: { tls: { cert_file: cert.pem, key_file: key.pem } }\n";

refuses("a certificate of the API needs its key", {
  add: "api:\n  tls: { cert_file: a.pem }\n",
  files: { "a.pem": "PEM" },
}, ["gateway.yaml:4:3 api.tls.key_file: Another key is needed, allowed cert_file and key_file together"]);

refuses("a key of the API needs its certificate", {
  add: "api:\n  tls: { key_file: a.pem }\n",
  files: { "a.pem": "PEM" },
}, ["gateway.yaml:4:3 api.tls.cert_file: Another key is needed, allowed cert_file and key_file together"]);

refuses("a file of the API's certificate that is not there is named", {
  add: TLS,
  files: { "key.pem": "PEM" },
}, [
  'gateway.yaml:3:26 api.tls.cert_file: What is named here cannot be read, found "cert.pem", there is nothing at this path',
]);

refuses("what is no certificate is refused, and not shown", {
  add: TLS,
  files: { "cert.pem": "hunter2", "key.pem": "hunter3" },
}, [
  'gateway.yaml:3:26 api.tls.cert_file: The certificate or its key cannot be used, found "cert.pem", the certificate is no certificate in PEM',
]);

Deno.test("a certificate is taken with its own key, and refused with another", async () => {
  const made = await makeCertificates();
  if (made === undefined) return;
  try {
    const files = (key: string): Record<string, string> =>
      small(TLS, { "cert.pem": made.server.cert, "key.pem": key });
    const loaded = await loadConfig("gateway.yaml", memorySources(files(made.server.key)));
    assert(loaded.ok, loaded.ok ? "" : loaded.problems.map(renderProblem).join("\n"));
    const { tls } = loaded.config.api;
    assertEquals([tls?.cert, tls?.key.reveal()], [made.server.cert, made.server.key]);
    assertEquals(JSON.stringify(redact(loaded.config)).includes(made.server.key.slice(40, 80)), false);
    for (
      const [key, why] of [
        [made.client.key, "the key does not belong to the certificate"],
        ["no key", "the key is no private key in PEM, or it is encrypted"],
      ] as const
    ) {
      assertEquals(await judged(files(key)), [
        `gateway.yaml:3:26 api.tls.cert_file: The certificate or its key cannot be used, found "cert.pem", ${why}`,
      ]);
    }
  } finally {
    await made.remove();
  }
});

function token(expires: string): string {
  return `api: { tokens: [{ name: a, role: viewer, hash: "sha256:${
    "0".repeat(64)
  }", expires: ${expires} }] }\n`;
}

Deno.test("a token expires at the beginning of a day, or at a moment", async () => {
  for (
    const [text, moment] of [
      ["2027-01-01", "2027-01-01T00:00:00Z"],
      ['"2027-01-01"', "2027-01-01T00:00:00Z"],
      ["2027-01-01T12:30:00+02:00", "2027-01-01T10:30:00Z"],
    ] as const
  ) {
    const loaded = await loadConfig("gateway.yaml", memorySources(small(token(text))));
    assert(loaded.ok, loaded.ok ? "" : loaded.problems.map(renderProblem).join("\n"));
    assertEquals(loaded.config.api.tokens[0]?.expires, Date.parse(moment), text);
  }
});

for (const wrong of ["tomorrow", "2027-13-01", "01.01.2027", "2027-01-01T12:00:00"]) {
  Deno.test(`a token that expires "${wrong}" is refused`, async () => {
    const [problem] = await judged(small(token(wrong)));
    assertEquals(
      problem?.slice(problem.indexOf(" api.")),
      ` api.tokens[0].expires: The time of expiry cannot be understood, found "${wrong}", allowed a day such as ` +
        "2027-01-01, from whose beginning on (UTC) it holds no more, or a time such as 2027-01-01T12:00:00Z",
    );
  });
}
