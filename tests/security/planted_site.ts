/**
 * A site whose configuration holds a planted secret in every place that can hold one, and other sides that say whatever
 * they were told to everybody who listens.
 * @module
 */
import { formatToken } from "../../src/api/mod.ts";
import { tokenHash } from "../../src/cli/token.ts";
import { makeCertificates } from "../support/certificates.ts";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { HttpReceiver, type Received } from "../support/http_receiver.ts";
import { MailServer } from "../support/mail_server.ts";
import { type Mosquitto, startMosquitto } from "../support/mosquitto.ts";
import { freePort } from "../support/ports.ts";
import { PACE, siteConfig } from "../support/river_site.ts";
import { plant, type Planted, plantedPem, plantKey } from "./planted.ts";

const USER = "gateway-user";

/** Every secret by its name. */
export type Secrets = Readonly<Record<string, Planted>>;

/** An answer that tells all that the request held. */
function echo(status: number, { path, query, headers }: Received): Response {
  const said = `${path}?${query} ${[...headers].map(([name, value]) => `${name}: ${value}`).join(" ")}`;
  return Response.json({ code: "unauthorized", message: `you said ${said}` }, { status });
}

/** The other sides, the gateway and its secrets. */
export class PlantedSite implements AsyncDisposable {
  readonly gateway: GatewayProcess;
  readonly broker: Mosquitto;
  readonly database: HttpReceiver;
  readonly hook: HttpReceiver;
  readonly mail: MailServer;
  readonly secrets: Secrets;
  /** Ids of sessions, which are secrets from when they were begun. */
  readonly sessions: Planted[] = [];
  /** What the environment of the gateway holds. */
  readonly env: Readonly<Record<string, string>>;
  /** From the next `config` on the data folder is encrypted. */
  encrypts = false;
  readonly #stack: AsyncDisposableStack;

  private constructor(
    parts: Pick<PlantedSite, "gateway" | "broker" | "database" | "hook" | "mail" | "secrets" | "env">,
    stack: AsyncDisposableStack,
  ) {
    this.gateway = parts.gateway;
    this.broker = parts.broker;
    this.database = parts.database;
    this.hook = parts.hook;
    this.mail = parts.mail;
    this.secrets = parts.secrets;
    this.env = parts.env;
    this.#stack = stack;
  }

  /** Starts everything but the gateway; `undefined` where a service is not installed (the reason is printed). */
  static async open(): Promise<PlantedSite | undefined> {
    await using stack = new AsyncDisposableStack();
    const certificates = await makeCertificates();
    if (certificates === undefined) return undefined;
    stack.defer(() => certificates.remove());
    const names = [
      "mqtt",
      "wrong-mqtt",
      "influx",
      "next-influx",
      "hook-path",
      "hook-query",
      "hook-header",
      "hook-sign",
    ];
    const secrets: Record<string, Planted> = {
      ...Object.fromEntries([...names, "mail", "wrong-mail", "foreign"].map((name) => [name, plant(name)])),
      encryption: plantKey("encryption"),
      "former-encryption": plantKey("former-encryption"),
      privacy: plantKey("privacy"),
      "tls-key": plantedPem("tls-key", certificates.client.key),
      ...Object.fromEntries(["viewer", "admin"].map((role) => {
        const text = formatToken(crypto.getRandomValues(new Uint8Array(32)));
        return [role, { name: role, text, forms: [text, text.slice(7), tokenHash(text).slice(7)] }];
      })),
    };
    const broker = await startMosquitto({
      listeners: ["mqtts"],
      certificates,
      requireClientCertificate: true,
      passwords: { [USER]: textOf(secrets, "mqtt"), device: "device" },
    });
    if (broker === undefined) return undefined;
    stack.defer(() => broker.remove());
    const [database, hook] = [new HttpReceiver(), new HttpReceiver()];
    for (const receiver of [database, hook]) stack.defer(() => receiver.close());
    const mail = stack.use(
      await MailServer.start({ account: { user: USER, password: textOf(secrets, "mail") } }),
    );
    const env = {
      MQTT_WORD: textOf(secrets, "mqtt"),
      HOOK_HEADER: textOf(secrets, "hook-header"),
      FOREIGN: textOf(secrets, "foreign"),
    };
    const gateway = stack.use(await GatewayProcess.create({ config: {}, env }));
    const { folder } = gateway;
    const site = new PlantedSite({ gateway, broker, database, hook, mail, secrets, env }, stack.move());
    for (
      const name of [
        "influx",
        "hook-sign",
        "wrong-mail",
        "encryption",
        "former-encryption",
        "privacy",
        "tls-key",
      ]
    ) {
      await Deno.writeTextFile(`${folder}/${name}`, `${textOf(secrets, name)}\n`);
    }
    await Deno.writeTextFile(`${folder}/ca.pem`, certificates.ca.cert);
    await Deno.writeTextFile(`${folder}/client.pem`, certificates.client.cert);
    await gateway.configure(site.config());
    return site;
  }

  /** The text of a secret. */
  text(name: string): string {
    return textOf(this.secrets, name);
  }

  /** Every secret but some. */
  but(...names: readonly string[]): Planted[] {
    return [...Object.values(this.secrets), ...this.sessions].filter(({ name }) => !names.includes(name));
  }

  /** The configuration; `more` replaces whole sections. */
  config(more: Section = {}): Section {
    const { hook, mail, gateway } = this;
    const path = encodeURIComponent(this.text("hook-path"));
    const mailTo = { from: "gateway@example.org", to: ["ops@example.org"], tls: "none", username: USER };
    const smtp = `smtp://127.0.0.1:${mail.port}`;
    const identity = { ca_file: "ca.pem", cert_file: "client.pem", key_file: "tls-key" };
    const mqtt = {
      url: this.broker.url("mqtts"),
      client_id: "planted",
      username: USER,
      password: "${MQTT_WORD:-none}",
      tls: identity,
    };
    const influxdb = {
      url: this.database.url,
      org: "o",
      bucket: "b",
      token_file: "influx",
      ...PACE,
    };
    return siteConfig("", influxdb, {
      mqtt,
      buffer: {
        max_bytes: "64MiB",
        archive: "1h",
        encrypt_at_rest: {
          // Not encrypted at first, so that what is in the folder can be seen.
          ...(this.encrypts ? { key_file: "encryption" } : {}),
          former_key_files: ["former-encryption"],
        },
      },
      privacy: { key_file: "privacy" },
      alerts: [{
        name: "strong",
        field: "power",
        above: 50,
        notify: ["hook", "mail", "stranger", "logs", "bus"],
      }],
      notifiers: {
        hook: {
          webhook: {
            url: `${hook.url}/services/${path}`,
            secret_file: "hook-sign",
            headers: { "X-Api-Key": "${HOOK_HEADER:-none}", Authorization: "Bearer ${HOOK_HEADER:-none}" },
          },
        },
        mail: { email: { smtp, ...mailTo, password: this.text("mail") } },
        stranger: { email: { smtp, ...mailTo, password_file: "wrong-mail" } },
        // Nobody listens there.
        logs: { syslog: { server: `tls://localhost:${freePort()}`, ...identity } },
        bus: { mqtt: { topic: "alerts/{rule}/{device}" } },
      },
      api: {
        listen: `127.0.0.1:${gateway.port}`,
        tokens: ["viewer", "admin"].map((role) => ({
          name: `${role}s`,
          role,
          hash: tokenHash(this.text(role)),
        })),
      },
      log: { level: "debug" },
      ...more,
    });
  }

  /** From now on database and webhook refuse everything, and tell what they were told. */
  turnAway(): void {
    this.database.answer = (request) => echo(401, request);
    this.hook.answer = (request) => echo(500, request);
  }

  /** They take what comes again. */
  letIn(): void {
    this.database.answer = this.hook.answer = () => undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

function textOf(secrets: Secrets, name: string): string {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`There is no secret "${name}"`);
  return secret.text;
}
