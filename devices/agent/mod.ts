/**
 * A first real device: this machine. Its load, memory, disk, network and failed sign-ins, published on
 * `site/{site}/host/{name}` in the shape of `profiles/host-agent.yaml`.
 *
 * In: a machine, a broker, a clock, a signal that ends it. Out: one JSON message every so often, QoS 1 over a
 * persistent session. What the machine cannot tell is left out and said once; what the broker has not acknowledged
 * waits, up to 10,000 messages.
 * @module
 */
export { type AgentIo, type AgentOptions, runAgent } from "./agent.ts";
export type { Disk, Figures, Machine } from "./figures.ts";
export { thisMachine } from "./this_machine.ts";
