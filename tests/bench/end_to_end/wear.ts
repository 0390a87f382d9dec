import { siteMessages } from "../../support/climate_site.ts";
import { tell } from "../../support/child_process.ts";
import type { Section } from "../../support/gateway_process.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { type Row, row } from "../kit/table.ts";
import { wornGateway, type WornRun } from "./worn_gateway.ts";

/** Messages of one run at full scale: enough that a checkpoint comes by itself. */
const MESSAGES = 200_000;
const MILLION = 1e6;
const MB = 1e6;

/** A way to set the gateway up whose wear is measured. */
interface Variant {
  /** How the figures call it. */
  readonly name: string;
  readonly config: Section;
  /** Its rows. */
  readonly rows: (name: string, runs: readonly WornRun[], payload: number) => Row[];
}

/** As it comes; compressed; with the last second at risk; and as it comes while no checkpoint falls due. */
const VARIANTS: readonly Variant[] = [
  {
    name: "by default",
    config: {},
    rows: (name, runs, payload) => [...diskRows(name, runs, payload), outboxRow(name, runs)],
  },
  {
    name: "compress_inbox",
    config: { buffer: { compress_inbox: true } },
    rows: diskRows,
  },
  {
    name: "durability: interval, 1s",
    config: { buffer: { durability: "interval", every: "1s" } },
    rows: diskRows,
  },
  {
    name: "between checkpoints",
    config: { buffer: { checkpoint: { after_bytes: "1GiB", at_most: "1h" } } },
    rows: (name, runs) => [outboxRow(name, runs)],
  },
];

/** What messages do to the flash that they are kept on. */
export const wear: BenchCase = {
  name: "wear",
  about: "bytes and fsyncs on the disk of the gateway while the database answers",
  async measure({ rounds, part }) {
    const messages = Math.round(MESSAGES * part);
    const runs = VARIANTS.map((): WornRun[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [n, { config }] of VARIANTS.entries()) {
        const worn = await wornGateway(messages, config);
        if (worn === undefined) return [];
        if (worn.cost.written === 0) {
          await tell("skipped: the folder for temporary files is not on a disk; set TMPDIR to one that is");
          return [];
        }
        runs[n]?.push(worn);
      }
    }
    const payload = payloadBytes(messages);
    return [
      ...VARIANTS.flatMap(({ name, rows }, n) => rows(name, runs[n] ?? [], payload)),
      row(
        "CPU seconds per million messages, compress_inbox",
        "Sluice by default",
        cpu(runs[0]),
        cpu(runs[1]),
      ),
    ];
  },
};

/** What the disk gets in all. */
function diskRows(variant: string, runs: readonly WornRun[], payload: number): Row[] {
  const all = (base: number): number[] => runs.map(() => base);
  return [
    row(
      `bytes written to disk per payload byte, ${variant}`,
      "the payload once",
      all(1),
      runs.map((run) => run.cost.written / payload),
      { target: { of: "value", atMost: 1.2 } },
    ),
    row(
      `fsyncs per million messages, ${variant}`,
      "one a message",
      all(MILLION),
      runs.map((run) => run.syncs * MILLION / run.messages),
    ),
  ];
}

/** What the outbox, which keeps what waits in memory first, gets of it: what waits when a checkpoint is made. */
function outboxRow(variant: string, runs: readonly WornRun[]): Row {
  return row(
    `written to the outbox per million readings, MB, ${variant}`,
    "disk first: what goes to the database",
    runs.map((run) => run.sent * MILLION / run.readings / MB),
    runs.map((run) => run.outbox * MILLION / run.readings / MB),
  );
}

function cpu(runs: readonly WornRun[] = []): number[] {
  return runs.map((run) => run.cost.cpu * MILLION / run.messages);
}

/** Bytes of the payloads alone of so many messages of the site. */
function payloadBytes(messages: number): number {
  let sum = 0;
  for (const { payload } of siteMessages(messages, Date.now())) sum += payload.length;
  return sum;
}
