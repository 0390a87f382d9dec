import { SMTPServer } from "smtp-server";
import type { Identity } from "./certificates.ts";

/** A mail as the server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Header fields by lower-case name, unfolded; of a field that comes twice the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came, line breaks as LF. */
  readonly body: string;
  /** The session was encrypted. */
  readonly secure: boolean;
  /** Who had logged in. */
  readonly user: string | undefined;
}

/** A refusal of SMTP. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** What the server of a test is like. */
export interface MailServerOptions {
  /** Its certificate; without it STARTTLS is not offered. */
  readonly identity?: Identity;
  /** TLS from the first byte. */
  readonly implicitTls?: boolean;
  /** Who may log in; without it nobody has to. */
  readonly account?: { readonly user: string; readonly password: string };
}

/** How long smtp-server waits for those who talk before its greeting, and a little more, ms. */
const GREETING_PAUSE = 120;

/** A mail server on loopback whose answers a test decides: real SMTP, no mailbox behind it. */
export class MailServer implements AsyncDisposable {
  /** The mails so far. */
  readonly taken: TakenMail[] = [];
  /** Refuses connections, before the greeting. */
  refuseConnection: Refusal | undefined;
  /** Refuses a recipient. */
  refuseRecipient: (address: string) => Refusal | undefined = () => undefined;
  /** Refuses a mail, after its content. */
  refuseMail: Refusal | undefined;
  /** A mail is never answered. */
  hangs = false;
  readonly #server: SMTPServer;
  #port = 0;
  #accepted = 0;
  #greeted = 0;

  private constructor(options: MailServerOptions) {
    const { identity, account, implicitTls = false } = options;
    this.#server = new SMTPServer({
      logger: false,
      banner: "test",
      secure: implicitTls,
      ...(identity === undefined ? {} : { cert: identity.cert, key: identity.key }),
      hideSTARTTLS: identity === undefined,
      closeTimeout: 5_000,
      authOptional: account === undefined,
      allowInsecureAuth: true,
      disableReverseLookup: true,
      disabledCommands: [
        ...(account === undefined ? ["AUTH"] : []),
        ...(identity === undefined ? ["STARTTLS"] : []),
      ],
      onConnect: (_session, done): void => {
        this.#greeted++;
        done(errorOf(this.refuseConnection));
      },
      onAuth(given, _session, done): void {
        const right = given.username === account?.user && given.password === account?.password;
        if (right) done(null, { user: given.username });
        else done(errorOf({ code: 535, text: `5.7.8 no entry for ${given.username}:${given.password}` }));
      },
      onRcptTo: ({ address }, _session, done) => done(errorOf(this.refuseRecipient(address))),
      onData: (stream, session, done): void => {
        const chunks: Uint8Array[] = [];
        stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
        stream.on("end", () => {
          if (this.hangs) return;
          if (this.refuseMail !== undefined) return done(errorOf(this.refuseMail));
          const { mailFrom, rcptTo } = session.envelope;
          this.taken.push({
            ...parseMail(new TextDecoder().decode(joined(chunks))),
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            secure: session.secure,
            user: typeof session.user === "string" ? session.user : undefined,
          });
          done(null);
        });
      },
    });
    this.#server.server.on("connection", () => this.#accepted++);
    // What a client breaks off is an error to the server, and none to the test.
    this.#server.on("error", () => {});
  }

  /** Starts a server on a free loopback port. */
  static async start(options: MailServerOptions = {}): Promise<MailServer> {
    const server = new MailServer(options);
    await new Promise<void>((resolve) => {
      const listener = server.#server.listen(0, "127.0.0.1", () => {
        const address = listener.address();
        if (typeof address === "object" && address !== null) server.#port = address.port;
        resolve();
      });
    });
    return server;
  }

  /** Where it listens. */
  get port(): number {
    return this.#port;
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A client that was gone before its greeting leaves the library's pause before it behind.
    if (this.#accepted > this.#greeted) await new Promise((resolve) => setTimeout(resolve, GREETING_PAUSE));
  }
}

function errorOf(refusal: Refusal | undefined): Error | null {
  return refusal === undefined
    ? null
    : Object.assign(new Error(refusal.text), { responseCode: refusal.code });
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Reads a mail as RFC 5322 has it: header fields with folding, an empty line, the body. */
function parseMail(text: string): Pick<TakenMail, "headers" | "body"> {
  const lines = text.replaceAll("\r\n", "\n");
  const end = lines.indexOf("\n\n");
  const headers: Record<string, string> = {};
  for (const field of lines.slice(0, end).replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = field.indexOf(":");
    headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
  }
  return { headers, body: lines.slice(end + 2) };
}
