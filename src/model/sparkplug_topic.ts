/** Types of the messages that an edge node sends for itself (`N…`) and for its devices (`D…`). */
export type SparkplugType = "NBIRTH" | "NDATA" | "NDEATH" | "DBIRTH" | "DDATA" | "DDEATH";

/** A topic of Sparkplug B taken apart. */
export interface SparkplugTopic {
  /** Group id. */
  readonly group: string;
  /** What the message is. */
  readonly type: SparkplugType;
  /** Edge node id. */
  readonly node: string;
  /** Device id; `null` where the message is about the node itself. */
  readonly device: string | null;
}

/** The first level of every topic of Sparkplug B. */
export const SPARKPLUG_NAMESPACE = "spBv1.0";

/** The level that holds the type of a message, from 0. */
export const SPARKPLUG_TYPE_LEVEL = 2;

const NODE_TYPES: readonly string[] = ["NBIRTH", "NDATA", "NDEATH"];
const DEVICE_TYPES: readonly string[] = ["DBIRTH", "DDATA", "DDEATH"];

/**
 * Takes a topic apart: `spBv1.0/{group}/{type}/{node}` or, with a `D…` type, `…/{node}/{device}` (Sparkplug 3.0 §4.1).
 *
 * @returns `undefined` for every other topic, so also for commands (`NCMD`, `DCMD`) and `STATE`: they are
 * addressed to devices and hosts and say nothing about a device
 */
export function parseSparkplugTopic(topic: string): SparkplugTopic | undefined {
  const [namespace, group, type, node, device, ...more] = topic.split("/");
  if (namespace !== SPARKPLUG_NAMESPACE || !group || type === undefined || !node || more.length > 0) {
    return undefined;
  }
  if (!isOneOf(type, device === undefined ? NODE_TYPES : DEVICE_TYPES) || device === "") return undefined;
  return { group, type, node, device: device ?? null };
}

function isOneOf(type: string, types: readonly string[]): type is SparkplugType {
  return types.includes(type);
}

/** The topic of a message of an edge node or of one of its devices. */
export function sparkplugTopic(group: string, type: string, node: string, device: string | null): string {
  const ofNode = `${SPARKPLUG_NAMESPACE}/${group}/${type}/${node}`;
  return device === null ? ofNode : `${ofNode}/${device}`;
}
