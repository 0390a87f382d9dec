import type { InboxRecord, Refused, ReinjectedEntry } from "../model/mod.ts";

/** Messages of which refusals are remembered; beyond it the oldest are forgotten, and not tried again. */
const MOST = 500_000;

/** What of a message was refused: all of it, or of each record these fields, or all of them. */
type OfMessage = "message" | Map<number | undefined, Set<string> | "all">;

/**
 * What a replay has refused by itself (H12): only that is tried again where the gateway did so. What the rules of the
 * replay have taken in its own place must not be taken a second time.
 */
export class RefusedHere {
  readonly #messages = new Map<number, OfMessage>();

  /** Something was refused. */
  note({ what, inboxPosition, record, fields, refusal }: Refused): void {
    if (what === "point") return;
    if (what === "message") return this.#set(inboxPosition, "message");
    const known = this.#messages.get(inboxPosition);
    if (known === "message") return;
    const records: Exclude<OfMessage, "message"> = known ?? new Map();
    const names = fields ?? (refusal.field === undefined ? undefined : [refusal.field]);
    const before = records.get(record);
    records.set(
      record,
      names === undefined || before === "all" ? "all" : new Set([...before ?? [], ...names]),
    );
    this.#set(inboxPosition, records);
  }

  /** A record as it counts here: of a command that tries entries again the part that is to be done. */
  here(record: InboxRecord): InboxRecord {
    const { content } = record;
    if (content.kind !== "command" || content.command.kind !== "reinject") return record;
    const { command } = content;
    const entries = command.entries.flatMap((entry) => this.#partOf(entry) ?? []);
    return { ...record, content: { kind: "command", command: { ...command, entries } } };
  }

  #partOf(entry: ReinjectedEntry): ReinjectedEntry | undefined {
    // What a database refused then, the replay makes anew.
    if (entry.what === "point") return undefined;
    const refused = this.#messages.get(entry.inboxPosition);
    if (entry.what === "message") return refused === "message" ? entry : undefined;
    const fields = refused === undefined || refused === "message" ? undefined : refused.get(entry.record);
    if (fields === undefined || fields === "all") return fields === undefined ? undefined : entry;
    const wanted = (entry.fields ?? [...fields]).filter((name) => fields.has(name));
    return wanted.length === 0 ? undefined : { ...entry, fields: wanted };
  }

  #set(position: number, refused: OfMessage): void {
    this.#messages.set(position, refused);
    const oldest = this.#messages.keys().next();
    if (this.#messages.size > MOST && !oldest.done) this.#messages.delete(oldest.value);
  }
}
