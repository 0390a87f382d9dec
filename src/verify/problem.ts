/** Nothing could be compared; the message says why and what to do. */
export class VerifyProblem extends Error {
  /** The name, for whoever prints it. */
  override readonly name = "VerifyProblem";
}
