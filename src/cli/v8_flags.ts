/**
 * How the gateway's heap grows, on every command that runs it: new objects get little room, and garbage is collected
 * when the heap has grown by two thirds. V8's own ways are made for machines with memory to spare: under load they take
 * nearly twice as much, for a tenth less processor time (tests/bench, `end_to_end`).
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=8,--heap-growing-percent=70";
