/**
 * The composition root: builds every part from a configuration, hands each the narrow ports it asked for, starts
 * them in order and stops them in reverse.
 *
 * In: a loaded configuration with its rules, and the machine. Out: a running gateway with its API; a problem with
 * the exit code that the command line promises where it cannot run.
 * @module
 */
export { Gateway } from "./gateway.ts";
export type { Parts, Phase } from "./parts.ts";
export { type GatewayPorts, machine } from "./ports.ts";
export { GatewayProblem } from "./problem.ts";
export { makeDestination } from "./make_destination.ts";
export { probeBroker } from "./probe_broker.ts";
export { VERSION } from "./version.ts";
