import type { ConfigChange, ConfigFault } from "../../../src/api/mod.ts";

/** One difference of each effect. */
export const SAMPLE_CHANGES: readonly ConfigChange[] = [
  { path: "alerts.too-hot.above", change: "changed", before: "80", after: "90", effect: "reload" },
  { path: "buffer.max_bytes", change: "changed", before: "1GiB", after: "2GiB", effect: "restart" },
];

/** A key that is misspelt. */
export const SAMPLE_FAULTS: readonly ConfigFault[] = [{
  file: "gateway.yaml",
  line: 3,
  column: 5,
  path: "alerts[0].abov",
  message: 'Unknown key, did you mean "above"',
}];
