/**
 * What a topic says about its messages (the device, its tags, the field of a bare value), and what of a message
 * may be seen by anything behind validation.
 *
 * In: a subscription, its template, a topic; a record that its profile has accepted. Out: a device id and a sorted
 * tag set, or why the topic cannot give one; the record with personal values hashed, masked, coarser or left out.
 * The same topic, and the same record received at the same moment, always give the same under the same key.
 *
 * Promises: no topic throws; every tag that leaves here can stand in a line; no value of a redacted field and no
 * text of a redacted level leaves, not in a refusal and not in a refused payload. A key that is not there is a
 * `MissingKey`, never a plain value. SPEC.md numbers the rules of redaction.
 * @module
 */
export { Hasher, Keyring, MissingKey } from "./keyring.ts";
export { type ReadableRecord, type ReadField, Redactor, redactorFor } from "./redactor.ts";
export type { ReadRecord } from "./refused_payload.ts";
export { type Tagger, tagger, type Tagging } from "./tagger.ts";
export { type RedactedTopic, TopicRedactor } from "./topic_redactor.ts";
