import type { FieldType, StreamIdentity } from "../model/mod.ts";

/** What a series is, as the history knows it. Its own numbers mean nothing elsewhere. */
export interface SeriesFacts {
  /** Device, measurement, tags, field and type: the same after every restart, also without a checkpoint. */
  readonly key: string;
  /** The stream that it belongs to. */
  readonly stream: StreamIdentity;
  /** First topic on which the stream was seen. */
  readonly topic: string;
  /** Name of the field. */
  readonly field: string;
  /** Type of its values. */
  readonly type: FieldType;
  /** Unit for people; `null`: none. */
  readonly unit: string | null;
}

/** What identifies a series wherever it is seen: the database's identity, the device, and the type of the values. */
export function seriesKey(
  { device, measurement, tags }: Pick<StreamIdentity, "device" | "measurement" | "tags">,
  field: string,
  type: FieldType,
): string {
  return JSON.stringify([device, measurement, tags, field, type]);
}
