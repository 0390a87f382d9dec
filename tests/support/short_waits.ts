/**
 * Preloaded into a gateway under test, before its own code: the dice of every jittered back-off fall low, so that it tries
 * again after little more than the shortest wait that it allows itself (a second, at the broker). A scenario with thirty
 * cuts would else spend its time with waiting; nothing else of the gateway is different.
 * @module
 */
Math.random = (): number => 0.01;
