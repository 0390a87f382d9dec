import type { Command, ReinjectedEntry } from "../model/mod.ts";

type Reinject = Extract<Command, { readonly kind: "reinject" }>;

/** A payload as JSON has it. */
type Written = Omit<ReinjectedEntry, "payload"> & { readonly payload_base64: string };

/** A command as plain JSON: payloads are in base64. */
export function commandJson(command: Command): unknown {
  if (command.kind !== "reinject") return command;
  const entries = command.entries.map(({ payload, ...facts }): Written => ({
    ...facts,
    payload_base64: payload.toBase64(),
  }));
  return { ...command, entries };
}

/** Reads what `commandJson` made; the record's checksum has been verified. */
export function readCommand(json: unknown): Command {
  const command = json as
    | Exclude<Command, { kind: "reinject" }>
    | (Omit<Reinject, "entries"> & { readonly entries: readonly Written[] });
  if (command.kind !== "reinject") return command;
  const entries = command.entries.map(({ payload_base64, ...facts }): ReinjectedEntry => ({
    ...facts,
    payload: Uint8Array.fromBase64(payload_base64),
  }));
  return { ...command, entries };
}
