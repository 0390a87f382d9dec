/**
 * What a topic says about its messages: the device, its tags, and the field of a bare value.
 *
 * In: a subscription, its template, a topic. Out: a device id and a sorted tag set, or why the topic cannot give
 * one. The same topic always gives the same, so the pipeline keeps the answer per topic.
 *
 * Promises: no topic throws; every tag that leaves here can stand in a line.
 * @module
 */
export { type Tagger, tagger, type Tagging } from "./tagger.ts";
