/**
 * What no subscription takes, understood: which topic level is the device, what format the payloads have, which fields
 * with which types, units and ranges, how often they come. SPEC.md numbers the rules.
 *
 * In: messages that were counted as `filtered`, with the wall clock of their receipt. Out: for each kind of message a
 * profile and a subscription that would take it, as commented YAML.
 *
 * Promises: nothing throws, whatever comes; memory is bounded, whatever comes; a flood costs little; values of fields
 * that look like credentials are neither kept nor shown; nothing is written anywhere. What is proposed is valid: the
 * loader takes every proposal.
 * @module
 */
export { Learner, type LearnerOptions, MOST_SHAPES, type UnknownMessage } from "./learner.ts";
export type { Learned, LearnedField } from "./propose.ts";
export type { PayloadLimits } from "./recognise/format.ts";
export { ENOUGH } from "./shape.ts";
