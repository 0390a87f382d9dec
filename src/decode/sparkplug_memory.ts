/** What a birth said of a metric. */
export interface KnownMetric {
  /** Its type. */
  readonly datatype: number;
  /** The newest time of a value that was taken, ms; −Infinity: none had a time. */
  at: number;
}

/** What is known of an edge node itself, or of one of its devices. */
export interface SparkplugEntity {
  /** Its birth was seen, and neither death nor a new birth of its node since. */
  born: boolean;
  /** Names by alias, as the last birth gave them. */
  aliases: ReadonlyMap<number | bigint, string>;
  /** Its metrics by name. */
  metrics: ReadonlyMap<string, KnownMetric>;
}

/** What is known of an edge node. */
export interface SparkplugNode {
  /** Its birth was seen, and neither its death nor a gap since. */
  born: boolean;
  /** The number of its session, which its death has to name; `null`: the birth gave none. */
  bdSeq: number | bigint | null;
  /** Number of its newest message, 0 … 255. */
  seq: number;
  /** Journal time at which it was last asked for its births, ms; −Infinity: never. */
  askedAt: number;
  /** The node itself under the empty name, its devices under their ids. */
  readonly entities: Map<string, SparkplugEntity>;
}

/** What Sparkplug B remembers: plain data, part of the pipeline's checkpoint. */
export interface SparkplugMemory {
  /** Edge nodes by `group/node`. */
  readonly nodes: Map<string, SparkplugNode>;
  /** Nodes and devices together. */
  entities: number;
  /** Metrics of all of them together. */
  metrics: number;
}

/** Knows no node yet. */
export function noSparkplugMemory(): SparkplugMemory {
  return { nodes: new Map(), entities: 0, metrics: 0 };
}

/** The node of a name, made known if it is new. */
export function openNode(memory: SparkplugMemory, name: string): SparkplugNode {
  let node = memory.nodes.get(name);
  if (node === undefined) {
    node = { born: false, bdSeq: null, seq: 0, askedAt: -Infinity, entities: new Map() };
    memory.nodes.set(name, node);
  }
  return node;
}

/** Puts what a birth said in the place of what was known before. */
export function putEntity(
  memory: SparkplugMemory,
  node: SparkplugNode,
  name: string,
  entity: SparkplugEntity,
): void {
  const before = node.entities.get(name);
  if (before === undefined) memory.entities++;
  memory.metrics += entity.metrics.size - (before?.metrics.size ?? 0);
  node.entities.set(name, entity);
}
