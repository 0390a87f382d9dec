import { needService } from "./services.ts";

/** A certificate and its key, as PEM text and as files. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Everything the TLS tests need, in one temp folder. */
export interface Certificates {
  readonly folder: string;
  /** The authority that signed `server`, `wrongName`, `expired` and `client`. */
  readonly ca: Identity;
  /** Another authority, which nobody here trusts. */
  readonly foreignCa: Identity;
  /** For `localhost` and 127.0.0.1. */
  readonly server: Identity;
  /** For `other.example` only. */
  readonly wrongName: Identity;
  /** For `localhost`, expired yesterday. */
  readonly expired: Identity;
  readonly client: Identity;
  /** A client certificate of the foreign authority. */
  readonly foreignClient: Identity;
  /** Removes the folder. */
  remove(): Promise<void>;
}

/**
 * Makes two authorities and the certificates under them with `openssl`, about 0.2 s.
 *
 * @returns the certificates, or `undefined` where openssl is not installed (the reason is printed)
 */
export async function makeCertificates(): Promise<Certificates | undefined> {
  const openssl = needService("openssl");
  if (openssl === undefined) return undefined;
  const folder = await Deno.makeTempDir({ prefix: "sluice_certificates_" });
  const maker = new Maker(openssl, folder);
  const ca = await maker.authority("ca");
  const foreignCa = await maker.authority("foreign_ca");
  const here = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  return {
    folder,
    ca,
    foreignCa,
    server: await maker.signed("server", "ca", `${here}\nextendedKeyUsage=serverAuth`),
    wrongName: await maker.signed(
      "wrong_name",
      "ca",
      "subjectAltName=DNS:other.example\nextendedKeyUsage=serverAuth",
    ),
    expired: await maker.signed("expired", "ca", `${here}\nextendedKeyUsage=serverAuth`, -1),
    client: await maker.signed("client", "ca", "extendedKeyUsage=clientAuth"),
    foreignClient: await maker.signed("foreign_client", "foreign_ca", "extendedKeyUsage=clientAuth"),
    remove: () => Deno.remove(folder, { recursive: true }),
  };
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

class Maker {
  constructor(readonly openssl: string, readonly folder: string) {}

  async authority(name: string): Promise<Identity> {
    await this.#run(["req", "-x509", ...NEW_KEY, ...this.#out(name), "-subj", `/CN=${name}`, "-days", "30"]);
    return await this.#read(name);
  }

  async signed(name: string, by: string, extensions: string, days = 30): Promise<Identity> {
    const request = `${this.folder}/${name}.csr`;
    const extensionFile = `${this.folder}/${name}.ext`;
    await Deno.writeTextFile(extensionFile, `${extensions}\n`);
    await this.#run(["req", ...NEW_KEY, "-keyout", this.#key(name), "-out", request, "-subj", `/CN=${name}`]);
    await this.#run([
      ...["x509", "-req", "-in", request, "-CA", this.#cert(by), "-CAkey", this.#key(by), "-CAcreateserial"],
      ...["-out", this.#cert(name), "-days", String(days), "-extfile", extensionFile],
    ]);
    return await this.#read(name);
  }

  #out(name: string): string[] {
    return ["-keyout", this.#key(name), "-out", this.#cert(name)];
  }

  #key(name: string): string {
    return `${this.folder}/${name}.key`;
  }

  #cert(name: string): string {
    return `${this.folder}/${name}.pem`;
  }

  async #read(name: string): Promise<Identity> {
    const certFile = this.#cert(name);
    const keyFile = this.#key(name);
    return {
      cert: await Deno.readTextFile(certFile),
      key: await Deno.readTextFile(keyFile),
      certFile,
      keyFile,
    };
  }

  async #run(args: readonly string[]): Promise<void> {
    const result = await new Deno.Command(this.openssl, { args: [...args], stdout: "null", stderr: "piped" })
      .output();
    if (!result.success) {
      throw new Error(`openssl ${args[0]} failed: ${new TextDecoder().decode(result.stderr)}`);
    }
  }
}
