import { DatabaseSync, type StatementSync } from "node:sqlite";
import { FINEST, RESOLUTIONS } from "./resolutions.ts";
import { BUCKET, COUNT, LAST, LAST_AT, MAX, MIN, SERIES, SUM, type TextRow, WIDTH } from "./row.ts";
import type { SeriesFacts } from "./series_facts.ts";
import { CREATE, CREATE_FRESH, FORM, MERGE, MERGE_TEXTS, TABLES } from "./tables.ts";

/** What goes into the store at once. */
export interface Batch {
  /** Series that are new to this process, with the numbers that rows call them by. */
  readonly series: readonly { readonly index: number; readonly facts: SeriesFacts }[];
  /** Buckets of numbers in the finest resolution, see row.ts. */
  readonly rows: Float64Array;
  /** Buckets of texts. */
  readonly texts: readonly TextRow[];
  /** The record of the inbox up to which everything is in this batch or an earlier one. */
  readonly position: number;
}

/** Bytes of a page of the database. */
export const PAGE = 4_096;

/** The database was written by another version. */
export class OtherForm extends Error {}

/**
 * The history in a SQLite file. What comes in is gathered in memory and goes to the file with `commit`: all
 * resolutions, and the position of the newest record in it, in one transaction. So a record that is taken in again
 * after a crash is told by its position, and nothing counts twice. A power cut costs the last commits at most:
 * nothing is synced but when the write-ahead log goes into the file.
 *
 * Everything here is synchronous and throws what SQLite throws; it runs in a worker.
 */
export class Store {
  /** The open file. */
  readonly database: DatabaseSync;
  readonly #ids: (number | undefined)[] = [];
  readonly #add: StatementSync;
  readonly #addText: StatementSync;
  readonly #seriesOf: StatementSync;
  readonly #define: StatementSync;
  #position: number;
  #pending = 0;

  /**
   * Opens the file, or makes it.
   *
   * @throws {OtherForm} where another version has written it
   */
  constructor(path: string) {
    const database = this.database = new DatabaseSync(path);
    try {
      database.exec(`PRAGMA page_size = ${PAGE}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2048`);
      const form = this.#number("PRAGMA user_version", "user_version");
      const tables = this.#number(
        "SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table'",
        "tables",
      );
      if (form === 0 && tables === 0) database.exec(`BEGIN; ${CREATE} COMMIT`);
      else if (form !== FORM || tables !== TABLES) {
        throw new OtherForm(
          `The tables of the database are not known, found form "${form}" and ${tables} tables, allowed ${FORM} and ` +
            `${TABLES}`,
        );
      }
      database.exec(CREATE_FRESH);
      this.#add = database.prepare(`INSERT INTO fresh VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${MERGE}`);
      this.#addText = database.prepare(`INSERT INTO fresh_texts VALUES (?, ?, ?, ?, ?) ${MERGE_TEXTS}`);
      this.#define = database.prepare(
        "INSERT INTO series (key, facts) VALUES (?, ?) ON CONFLICT DO UPDATE SET facts = excluded.facts RETURNING id",
      );
      this.#seriesOf = database.prepare("SELECT id FROM series WHERE key = ?");
      this.#position = this.#number("SELECT max(value) AS value FROM state WHERE name = 'position'", "value");
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** The record up to which everything is in the file; 0: nothing is. */
  get position(): number {
    return this.#position;
  }

  /** Buckets that are not in the file yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Bytes of the database in use, and those of it that are free. */
  get pages(): { readonly used: number; readonly free: number } {
    const free = this.#number("PRAGMA freelist_count", "freelist_count");
    const all = this.#number("PRAGMA page_count", "page_count");
    return { used: (all - free) * PAGE, free: free * PAGE };
  }

  /** Gathers a batch in memory. */
  add(batch: Batch): void {
    const { database } = this;
    database.exec("BEGIN");
    try {
      for (const { index, facts } of batch.series) {
        this.#ids[index] = idOf(this.#define.get(facts.key, JSON.stringify(facts)));
      }
      const { rows } = batch;
      const at = (n: number): number => rows[n] ?? 0;
      for (let row = 0; row < rows.length; row += WIDTH) {
        const id = this.#ids[at(row + SERIES)];
        if (id === undefined) continue;
        const [bucket, min, max, sum] = [at(row + BUCKET), at(row + MIN), at(row + MAX), at(row + SUM)];
        this.#add.run(bucket, id, min, max, sum, at(row + COUNT), at(row + LAST), at(row + LAST_AT));
      }
      for (const { series, bucket, count, last, lastAt } of batch.texts) {
        const id = this.#ids[series];
        if (id !== undefined) this.#addText.run(bucket, id, count, last, lastAt);
      }
      database.exec("COMMIT");
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.#pending += rows(batch);
    this.#position = Math.max(this.#position, batch.position);
  }

  /** Brings what was gathered to the file. */
  commit(): void {
    if (this.#pending === 0) return;
    const { database } = this;
    database.exec("BEGIN IMMEDIATE");
    try {
      for (const resolution of RESOLUTIONS) {
        const bucket = `bucket / ${resolution / FINEST}`;
        database.exec(
          `INSERT INTO r${resolution} SELECT ${bucket}, series, min, max, sum, count, last, last_at FROM fresh WHERE true
            ${MERGE};
          INSERT INTO t${resolution} SELECT ${bucket}, series, count, last, last_at FROM fresh_texts WHERE true
            ${MERGE_TEXTS}`,
        );
      }
      database.exec(`INSERT OR REPLACE INTO state VALUES ('position', ${this.#position});
        DELETE FROM fresh; DELETE FROM fresh_texts; COMMIT`);
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.#pending = 0;
  }

  /** The number of a series in the file; `undefined`: it is not known. */
  seriesOf(key: string): number | undefined {
    const found = this.#seriesOf.get(key);
    return found === undefined ? undefined : idOf(found);
  }

  /** Closes the file; what was not committed is lost. */
  close(): void {
    this.database.close();
  }

  #rollBack(): void {
    // SQLite has ended the transaction by itself after some errors.
    if (this.database.isTransaction) this.database.exec("ROLLBACK");
  }

  #number(sql: string, column: string): number {
    return Number(this.database.prepare(sql).get()?.[column] ?? 0);
  }
}

function rows({ rows, texts }: Batch): number {
  return rows.length / WIDTH + texts.length;
}

function idOf(row: Record<string, unknown> | undefined): number {
  return Number(row?.id);
}
