import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
// Deferred: the package is loaded with the first mail, not at every start.
import defer * as smtp from "nodemailer/lib/smtp-connection";

/** A mail server that takes mail to send. */
export interface SmtpServer {
  /** Host name or IP address. */
  readonly host: string;
  /** Port. */
  readonly port: number;
  /**
   * `starttls`: an upgrade is demanded, never merely taken where offered (RFC 3207 §6); `tls`: from the first byte
   * (RFC 8314); `none`: in clear.
   */
  readonly tls: "starttls" | "tls" | "none";
  /** Authorities that are trusted instead of the system's, as PEM. */
  readonly ca?: string;
  /** User at the server. */
  readonly username?: string;
  /** The password, read anew for each attempt, so that a changed file counts. */
  readonly password?: () => Promise<string>;
}

/** At which step of the conversation it failed. */
export type SmtpStage = "connect" | "login" | "message";

/** The conversation failed: where, with what answer. */
export class SmtpFailure extends Error {
  /**
   * Keeps the facts.
   *
   * @param stage at which step
   * @param reply the server's reply code; `undefined` where it gave none
   * @param code code of the error below
   */
  constructor(
    readonly stage: SmtpStage,
    readonly reply: number | undefined,
    readonly code: string | undefined,
    error: Error,
  ) {
    super(error.message, { cause: error });
    this.name = "SmtpFailure";
  }
}

/** Recipients that the server refused, though it took the mail for others. */
export interface SmtpRefusal {
  readonly recipient: string;
  readonly reply: number;
  readonly words: string;
}

/** Who the mail was taken for, and who not. */
export interface SmtpOutcome {
  readonly accepted: readonly string[];
  readonly refused: readonly SmtpRefusal[];
}

/** What nodemailer puts on its errors. */
interface SmtpError extends Error {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly recipient?: unknown;
  readonly rejectedErrors?: unknown;
}

/**
 * Hands one mail to a server, over a connection of its own.
 *
 * @param to plain addresses
 * @param signal closes the connection at once
 * @throws {SmtpFailure}
 */
export async function sendMail(
  server: SmtpServer,
  envelope: { readonly from: string; readonly to: readonly string[] },
  message: Uint8Array,
  signal: AbortSignal,
): Promise<SmtpOutcome> {
  const { username, password } = server;
  const word = username === undefined ? undefined : await password?.() ?? "";
  const socket = await connected(server, signal);
  const connection = new smtp.default({
    // By name: nodemailer would look the address up itself, and connecting to an address is another right in Deno.
    connection: socket,
    host: server.host,
    port: server.port,
    secure: server.tls === "tls",
    requireTLS: server.tls === "starttls",
    ignoreTLS: server.tls === "none",
    socketCloseTimeout: 0,
    tls: { rejectUnauthorized: true, ...(server.ca === undefined ? {} : { ca: server.ca }) },
  });
  let stage: SmtpStage = "connect";
  const broken = Promise.withResolvers<never>();
  const fail = (error: Error): void => broken.reject(failureOf(stage, error));
  const abort = (): void => fail(new Error("the attempt was broken off"));
  broken.promise.catch(() => {});
  connection.on("error", fail);
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  const step = (begin: (done: (error?: Error | null) => void) => void): Promise<void> =>
    Promise.race([broken.promise, new Promise<void>((done) => begin((e) => e ? fail(e) : done()))]);
  try {
    await step((done) => connection.connect(done));
    stage = "login";
    if (username !== undefined && word !== undefined) {
      await step((done) => connection.login({ user: username, pass: word }, done));
    }
    stage = "message";
    let outcome: SmtpOutcome = { accepted: [], refused: [] };
    await step((done) =>
      connection.send({ from: envelope.from, to: [...envelope.to] }, Buffer.from(message), (error, info) => {
        if (error === null) outcome = { accepted: info.accepted, refused: refusalsOf(info) };
        done(error);
      })
    );
    connection.quit();
    return outcome;
  } catch (error) {
    connection.close();
    // Where nobody is accepted nodemailer gives one error with those of the recipients in it.
    const refused = error instanceof SmtpFailure && error.cause instanceof Error
      ? refusalsOf(error.cause)
      : [];
    if (refused.length > 0) return { accepted: [], refused };
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/**
 * A connection to the server, still in clear.
 *
 * @throws {SmtpFailure}
 */
function connected({ host, port }: SmtpServer, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port });
  const fail = (error: Error): void => {
    socket.destroy();
    reject(failureOf("connect", error));
  };
  const abort = (): void => fail(new Error("the attempt was broken off"));
  signal.addEventListener("abort", abort);
  socket.once("error", fail).once("connect", () => {
    socket.off("error", fail);
    resolve(socket);
  });
  if (signal.aborted) abort();
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

function refusalsOf(from: object): SmtpRefusal[] {
  const { rejectedErrors }: { readonly rejectedErrors?: unknown } = from;
  if (!Array.isArray(rejectedErrors)) return [];
  return rejectedErrors.flatMap((error: unknown): SmtpRefusal[] => {
    if (!(error instanceof Error)) return [];
    const { recipient, responseCode, response }: SmtpError = error;
    if (typeof recipient !== "string" || typeof responseCode !== "number") return [];
    return [{ recipient, reply: responseCode, words: String(response ?? "") }];
  });
}

function failureOf(stage: SmtpStage, error: SmtpError): SmtpFailure {
  const code = error.originalCode ?? error.code;
  const reply = typeof error.responseCode === "number" ? error.responseCode : undefined;
  return new SmtpFailure(stage, reply, typeof code === "string" ? code : undefined, error);
}
