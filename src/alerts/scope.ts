import { type AlertRule, matchTopic, parseTemplate, type StreamIdentity } from "../model/mod.ts";
import { matchGlob } from "./glob.ts";

/** Whether a rule concerns a device stream. */
export type Scope = (stream: StreamIdentity, topic: string) => boolean;

/**
 * Makes a rule's filters ready for use; all that are set must match.
 *
 * A text that is no MQTT filter matches nothing; the configuration refuses it long before.
 */
export function compileScope(rule: AlertRule): Scope {
  const { profile, device } = rule;
  const tags = Object.entries(rule.tags);
  const template = rule.topic === null ? null : parseTemplate(rule.topic);
  return (stream, topic): boolean => {
    if (profile !== null && profile !== stream.profile) return false;
    if (device !== null && !matchGlob(device, stream.device)) return false;
    if (template !== null && ("reason" in template || matchTopic(template, topic) === undefined)) {
      return false;
    }
    return tags.every(([name, value]) => stream.tags.some((tag) => tag[0] === name && tag[1] === value));
  };
}
