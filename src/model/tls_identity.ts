import { createPrivateKey, X509Certificate } from "node:crypto";

/**
 * What is wrong with a certificate and its private key, in words that hold nothing of either; a server itself finds
 * out only when a client comes.
 *
 * @param cert the certificate, or a chain with it first, as PEM
 * @param key its key as PEM, not encrypted
 */
export function identityProblem(
  { cert, key }: { readonly cert: string; readonly key: string },
): string | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return "the certificate is no certificate in PEM";
  }
  try {
    return certificate.checkPrivateKey(createPrivateKey(key))
      ? undefined
      : "the key does not belong to the certificate";
  } catch {
    return "the key is no private key in PEM, or it is encrypted";
  }
}
