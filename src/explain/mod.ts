/**
 * Explains: one message's way, step by step, through the very same stages as a live one.
 *
 * In: the rules, a topic, a payload, the wall clock. Out: the steps in words, and the points, refusals and alerts
 * that the message makes on a river that knows nothing yet; for the examples of profiles, where they do not come
 * out as they say. It touches no journal and keeps nothing.
 * @module
 */
export { describeWindow } from "./describe_window.ts";
export { explain, type Explanation, type Step } from "./explain.ts";
export { failingExamples } from "./failing_examples.ts";
export { type ExampleOutcome, runExamples } from "./run_examples.ts";
