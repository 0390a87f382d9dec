/** Why a replay cannot be run or finished: the sentence for people. */
export class ReplayProblem extends Error {
  /** Says what is wrong and what to do. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReplayProblem";
  }
}
