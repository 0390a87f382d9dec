import sparkplug from "sparkplug-payload";
import type { FormatReading } from "./format_messages.ts";
import type { Publisher } from "./publisher.ts";

const library = sparkplug.get("spBv1.0");
if (library === null) throw new Error("The package knows no Sparkplug B");

/** Reading and writing of Sparkplug B payloads. */
export const { encodePayload, decodePayload } = library;

/** What an edge node publishes under `spBv1.0/GROUP`, as the fields of a profile. */
export const EDGE_FIELDS = `downsample: none
fields:
  temperature: { path: Oven/Temperature, type: float }
  fraction: { path: Oven/Fraction, type: float }
  large: { path: Oven/Large, type: float }
  count: { path: Oven/Count, type: int }
  on: { path: Oven/On, type: boolean }
  label: { path: Oven/Label, type: string }
`;

/** An edge node `line` whose device `oven` reports; data by alias, without names. */
export class EdgeNode {
  readonly #publisher: Publisher;
  readonly #group: string;
  readonly #pack: (payload: Uint8Array) => Uint8Array;
  #seq = 0;

  /**
   * @param group second level of its topics
   * @param pack what becomes of a payload before it is sent
   */
  constructor(
    publisher: Publisher,
    group = "works",
    pack: (payload: Uint8Array) => Uint8Array = (payload) => payload,
  ) {
    this.#publisher = publisher;
    this.#group = group;
    this.#pack = pack;
  }

  /** Node and device are born: two messages, the second with a reading. */
  async born(first: FormatReading): Promise<void> {
    this.#seq = 0;
    const session = { name: "bdSeq", type: "UInt64", value: 0 } as const;
    await this.#publish("NBIRTH", undefined, [session], first.ms);
    await this.#publish("DBIRTH", "oven", this.#metrics(first, true), first.ms);
  }

  /** The device reports. */
  async report(reading: FormatReading): Promise<void> {
    await this.#publish("DDATA", "oven", this.#metrics(reading, false), reading.ms);
  }

  /** A message that nobody gets. */
  lose(): void {
    this.#seq++;
  }

  #metrics({ ms, values }: FormatReading, named: boolean) {
    const all = [
      { name: "Oven/Temperature", type: "Double", value: values.temperature },
      { name: "Oven/Fraction", type: "Double", value: values.fraction },
      { name: "Oven/Large", type: "Double", value: values.large },
      { name: "Oven/Count", type: "Int32", value: values.count },
      { name: "Oven/On", type: "Boolean", value: values.on },
      { name: "Oven/Label", type: "String", value: values.label },
    ] as const;
    return all.map(({ name, ...one }, alias) => ({
      ...one,
      ...(named ? { name } : {}),
      alias,
      timestamp: ms,
    }));
  }

  async #publish(
    type: string,
    device: string | undefined,
    metrics: NonNullable<Parameters<typeof encodePayload>[0]["metrics"]>,
    timestamp: number,
  ): Promise<void> {
    const payload = encodePayload({ timestamp, seq: this.#seq++ % 256, metrics });
    const topic = `spBv1.0/${this.#group}/${type}/line${device === undefined ? "" : `/${device}`}`;
    await this.#publisher.publish(topic, this.#pack(payload));
  }
}
