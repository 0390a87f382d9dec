/**
 * What the journals mean: the inbox holds everything that changes the pipeline's state, the outbox blocks that wait
 * for the database, the quarantine whatever was refused.
 *
 * In: messages, points, refusals. Out: durable records in journal order, blocks in sending order, entries by their
 * number. It promises that a record is handed on only after its fsync, that every point is counted on its way
 * through the outbox, and that memory does not grow with the backlog.
 * @module
 */
export type { AccountRow } from "./account_row.ts";
export { type Block, decodeBlock } from "./block.ts";
export { BlockBuilder } from "./block_builder.ts";
export type { BlockEntry } from "./block_entries.ts";
export { type AccountField, type AccountSnapshot, DAY, DeliveryAccount } from "./delivery_account.ts";
export { Inbox, type ReplayBatch } from "./inbox.ts";
export { decodeInbox } from "./inbox_codec.ts";
export { commandJson } from "./command_codec.ts";
export { type Clocks, JournalTime, PULSE } from "./journal_time.ts";
export { Outbox } from "./outbox.ts";
export type { CountsSnapshot, OutboxCounts, OutboxTally, Tally, Way } from "./outbox_counts.ts";
export type { DeadLine, LineContent, OutboxOptions, OutboxSnapshot } from "./outbox_options.ts";
export { decodeRefused, Quarantine, type QuarantineEntry } from "./quarantine.ts";
export { type RecentBlock, RecentBlocks, type RecentLine } from "./recent_blocks.ts";
export { Settled } from "./settled.ts";
