import { noSparkplugMemory, type SparkplugMemory } from "./sparkplug_memory.ts";

/** What formats with a memory remember between messages: plain data, part of the pipeline's checkpoint. */
export interface DecodeMemory {
  /** Edge nodes of Sparkplug B, with the aliases that their births gave. */
  readonly sparkplug: SparkplugMemory;
}

/** Remembers nothing yet. */
export function newDecodeMemory(): DecodeMemory {
  return { sparkplug: noSparkplugMemory() };
}
