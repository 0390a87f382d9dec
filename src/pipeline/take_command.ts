import type { AlertEvent, Command, CommandResult, InboxRecord } from "../model/mod.ts";
import { reinject } from "./reinject.ts";
import type { River, RiverOutput } from "./river.ts";

/** Does what a person asked for, under the silences that stand at the record's wall clock. */
export function takeCommand(river: River, command: Command, record: InboxRecord, out: RiverOutput): void {
  river.alerts.endSilences(record.stamp.receivedAt, (event) => out.alert(event));
  // Done whether anybody listens or not: an optional call would leave its arguments out with it.
  const result = resultOf(river, command, record, out);
  out.commanded?.(record.position, result);
}

function resultOf(river: River, command: Command, record: InboxRecord, out: RiverOutput): CommandResult {
  const { kind } = command;
  const { alerts } = river;
  const { receivedAt } = record.stamp;
  switch (kind) {
    case "acknowledge": {
      const { alert, by, note } = command;
      return { kind, outcome: alerts.acknowledge(alert, { by, at: receivedAt, note }) };
    }
    case "silence":
      return { kind, outcome: alerts.silence(command.silence) };
    case "unsilence": {
      const emit = (event: AlertEvent): void => out.alert(event);
      return { kind, outcome: alerts.unsilence(command.id, receivedAt, emit) };
    }
    case "reinject":
      return reinject(river, command, record, out);
  }
}
