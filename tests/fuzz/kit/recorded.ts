/**
 * Payloads that other tests hold as they are: those of the golden cases and the examples of RFC 8428.
 * @module
 */
import { type Format, matchTopic, parseTemplate } from "../../../src/model/mod.ts";
import { caseNames, caseRules, FOLDER, messageLine, parseCase } from "../../golden/golden_case.ts";
import { EXAMPLES } from "../../unit/decode/senml_examples.ts";
import { BEGIN } from "./real_objects.ts";

/** A payload in its format. */
export interface Recorded {
  readonly format: Format;
  readonly payload: Uint8Array;
}

/** All of them, read once. */
export async function recordedPayloads(): Promise<Recorded[]> {
  const golden = await Promise.all(caseNames().map(ofCase));
  const senml = EXAMPLES.map(([, text]): Recorded => ({
    format: "senml",
    payload: new TextEncoder().encode(text),
  }));
  return [...golden.flat(), ...senml];
}

async function ofCase(name: string): Promise<Recorded[]> {
  const { files, messages } = parseCase(name, await Deno.readTextFile(FOLDER + name));
  const { subscriptions } = await caseRules(files, "gateway.yaml");
  return messages.flatMap((line) => {
    const message = messageLine(line, BEGIN);
    if (message === undefined) return [];
    const subscription = subscriptions.find(({ topic }) => {
      const template = parseTemplate(topic);
      return !("reason" in template) && matchTopic(template, message.topic) !== undefined;
    });
    return subscription === undefined ? [] : [{ format: subscription.format, payload: message.payload }];
  });
}
