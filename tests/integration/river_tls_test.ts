import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { connectPublisher } from "../support/publisher.ts";
import { siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";

/** What each mistake is, and the words of its line in the gateway's log. */
const MISTAKES: readonly {
  readonly what: string;
  readonly tls: (made: Certificates) => Section;
  readonly wrongName?: boolean;
  readonly says: string;
}[] = [
  {
    what: "no client certificate",
    tls: ({ ca }) => ({ ca_file: ca.certFile }),
    says: "asks for a client certificate and got none: set mqtt.tls.cert_file and key_file",
  },
  {
    what: "a client certificate of a foreign authority",
    tls: ({ ca, foreignClient: { certFile, keyFile } }) => ({
      ca_file: ca.certFile,
      cert_file: certFile,
      key_file: keyFile,
    }),
    says: "does not accept the client certificate",
  },
  {
    what: "a broker certificate of a foreign authority",
    tls: ({ foreignCa, client: { certFile, keyFile } }) => ({
      ca_file: foreignCa.certFile,
      cert_file: certFile,
      key_file: keyFile,
    }),
    says: "signed by an authority that is not trusted here: put that authority into mqtt.tls.ca_file",
  },
  {
    what: "a broker certificate for another name",
    tls: ({ ca, client: { certFile, keyFile } }) => ({
      ca_file: ca.certFile,
      cert_file: certFile,
      key_file: keyFile,
    }),
    wrongName: true,
    says: 'is not for "localhost"',
  },
];

Deno.test("with a client certificate the gateway takes messages over mqtts; each TLS mistake is refused with its own line", async (t) => {
  await using stack = new AsyncDisposableStack();
  const made = await makeCertificates();
  if (made === undefined) return;
  stack.defer(() => made.remove());
  const options = { listeners: ["mqtts"], certificates: made, requireClientCertificate: true } as const;
  const broker = await startMosquitto(options);
  if (broker === undefined) return;
  stack.defer(() => broker.remove());
  const misnamed = await startMosquitto({ ...options, serverIdentity: made.wrongName });
  if (misnamed === undefined) return;
  stack.defer(() => misnamed.remove());
  const config = (url: string, tls: Section): Section =>
    siteConfig(url, undefined, { mqtt: { url, client_id: "sluice-tls", tls } });

  await t.step("a client certificate of the broker's authority", async () => {
    const { certFile, keyFile } = made.client;
    const tls = { ca_file: made.ca.certFile, cert_file: certFile, key_file: keyFile };
    await using gateway = await GatewayProcess.start({ config: config(broker.url("mqtts"), tls) });
    const device = await connectPublisher(broker.url());
    await device.publish("site/north/power/p1", JSON.stringify({ time: Date.now() / 1_000, power: 3 }));
    await device.close();
    await until("it is received", async () => (await gateway.ledger()).messages.processed === 1, {
      every: 50,
    });
    assertEquals(
      (await gateway.get("/api/v1/status")).body.mqtt.address.startsWith("mqtts://localhost"),
      true,
    );
  });

  for (const { what, tls, wrongName = false, says } of MISTAKES) {
    await t.step(what, async () => {
      const url = (wrongName ? misnamed : broker).url("mqtts");
      await using gateway = await GatewayProcess.create({ config: config(url, tls(made)) });
      await gateway.start();
      const line = await gateway.logged("mqtt_unreachable");
      assertStringIncludes(String(line.text), says);
      assertStringIncludes(String(line.text), url);
      const { status, body } = await gateway.get("/readyz");
      assertEquals([status, body.not_ready], [503, [{ reason: "mqtt_disconnected", detail: line.text }]]);
      assertEquals(await gateway.stderr(), "");
    });
  }
});
