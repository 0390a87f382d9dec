/**
 * Sparkplug B as edge nodes speak it: births that name aliases, data by alias, a count of messages, deaths.
 * @module
 */
import sparkplug from "sparkplug-payload";
import { type Dice, nat, pick } from "./dice.ts";
import type { Members } from "./value_mutators.ts";

const library = sparkplug.get("spBv1.0");
if (library === null) throw new Error("The package knows no Sparkplug B");
const { encodePayload } = library;

type Metrics = NonNullable<Parameters<typeof encodePayload>[0]["metrics"]>;

interface Node {
  readonly id: string;
  seq: number;
  session: number;
  born: boolean;
  deviceBorn: boolean;
}

/** A message of an edge node or its device. */
export interface SparkplugPayload {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** What was sent in its place was damaged: the node may have to be born anew. */
  readonly damaged: () => void;
}

/** The edge nodes of one group, each with one device. */
export class SparkplugTraffic {
  readonly #group: string;
  readonly #nodes: readonly Node[];

  constructor(group: string) {
    this.#group = group;
    this.#nodes = ["n1", "n2"].map((id) => ({ id, seq: -1, session: 0, born: false, deviceBorn: false }));
  }

  /** The next message, about these members. */
  next(members: Members, now: number, dice: Dice): SparkplugPayload {
    const node = pick(dice, this.#nodes);
    const type = this.#type(node, dice);
    const ofDevice = type.startsWith("D");
    const topic = `spBv1.0/${this.#group}/${type}/${node.id}${ofDevice ? "/d" : ""}`;
    if (type === "NBIRTH") node.session++;
    node.seq = type === "NBIRTH" ? 0 : type === "NDEATH" ? node.seq : (node.seq + 1) % 256;
    if (type === "NDEATH" || type === "NBIRTH") node.deviceBorn = false;
    node.born = type === "NBIRTH" || (node.born && type !== "NDEATH");
    if (ofDevice) node.deviceBorn = type !== "DDEATH";
    const session: Metrics = [{ name: "bdSeq", type: "UInt64", value: node.session }];
    const birth = type.endsWith("BIRTH");
    const metrics = type.endsWith("DEATH")
      ? session
      : [...(type === "NBIRTH" ? session : []), ...metricsOf(members, birth, now, dice)];
    const payload = encodePayload({
      timestamp: now,
      ...(type === "NDEATH" ? {} : { seq: node.seq }),
      metrics,
    });
    const damaged = (): void => {
      if (dice.happens(0.6)) node.born = false;
    };
    return { topic, payload: Uint8Array.from(payload), damaged };
  }

  #type(node: Node, dice: Dice): string {
    if (!node.born && dice.happens(0.9)) return "NBIRTH";
    if (!node.deviceBorn && dice.happens(0.6)) return "DBIRTH";
    const chance = nat(dice, 100);
    if (chance < 3) return "NDEATH";
    if (chance < 6) return "DDEATH";
    if (chance < 9) return "NBIRTH";
    if (chance < 14) return "DBIRTH";
    return chance < 57 ? "NDATA" : "DDATA";
  }
}

/** Metrics by name in births, by alias else; an alias is the place of the member among the sorted names. */
function metricsOf(members: Members, birth: boolean, now: number, dice: Dice): Metrics {
  // Each time is a record of its own, and each record wants what its profile requires.
  const times = dice.happens(0.1);
  return Object.keys(members).sort().flatMap((name): Metrics => {
    const typed = typedValue(members[name], dice);
    if (typed === undefined) return [];
    const alias = aliasOf(name);
    const called = birth ? { name, alias } : dice.happens(0.8) ? { alias } : { name };
    const timestamp = times && dice.happens(0.7) ? { timestamp: now - nat(dice, 2_000) } : {};
    return [{ ...called, ...typed, ...timestamp }];
  });
}

/** The same name has the same alias, whatever else is said. */
function aliasOf(name: string): number {
  let hash = 7;
  for (let at = 0; at < name.length; at++) hash = (hash * 31 + name.charCodeAt(at)) % 65_521;
  return hash;
}

function typedValue(value: unknown, dice: Dice): Pick<Metrics[number], "type" | "value"> | undefined {
  if (typeof value === "boolean") return { type: "Boolean", value };
  if (typeof value === "string") return { type: dice.happens(0.9) ? "String" : "Text", value };
  if (value instanceof Uint8Array) return { type: "Bytes", value };
  if (typeof value !== "number") return undefined;
  if (!Number.isSafeInteger(value) || dice.happens(0.5)) {
    return { type: dice.happens(0.8) ? "Double" : "Float", value };
  }
  if (Math.abs(value) < 2 ** 31) {
    return { type: value < 0 ? "Int32" : pick(dice, ["Int32", "UInt32", "Int64"]), value };
  }
  return value < 0 ? undefined : { type: "UInt64", value };
}
