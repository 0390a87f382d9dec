/** Why the gateway cannot start, or had to end. `exit` is the exit code that the command line promises. */
export class GatewayProblem extends Error {
  /**
   * Says it for people.
   *
   * @param exit 1 failed, 2 configuration, 3 data folder in use
   * @param message the sentence for people: what failed, what was found, what to do
   */
  constructor(readonly exit: 1 | 2 | 3, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "GatewayProblem";
  }
}
