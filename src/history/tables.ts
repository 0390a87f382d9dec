/**
 * The tables. Rows lie in order of time and then of series: what is written together lies together, so that a batch
 * of many series touches few pages, and what is old goes in one piece.
 * @module
 */
import { RESOLUTIONS } from "./resolutions.ts";

/** Which form of the tables this is, in `PRAGMA user_version`; a file of another form is set aside. */
export const FORM = 1;

const NUMBERS = `(bucket INTEGER, series INTEGER, min REAL, max REAL, sum REAL, count INTEGER, last REAL,
  last_at INTEGER, PRIMARY KEY (bucket, series)) WITHOUT ROWID`;
const TEXTS = `(bucket INTEGER, series INTEGER, count INTEGER, last TEXT, last_at INTEGER,
  PRIMARY KEY (bucket, series)) WITHOUT ROWID`;

/** Makes the tables of an empty file. `r…` holds numbers, `t…` texts, by the length of the buckets in seconds. */
export const CREATE = `
  CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID;
  CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, facts TEXT NOT NULL);
  ${RESOLUTIONS.map((each) => `CREATE TABLE r${each} ${NUMBERS}; CREATE TABLE t${each} ${TEXTS};`).join("\n")}
  PRAGMA user_version = ${FORM};
`;

/** How many tables that makes. */
export const TABLES = 2 + 2 * RESOLUTIONS.length;

/** Makes the tables in memory: what was taken in since the last commit, in buckets of the finest resolution. */
export const CREATE_FRESH = `
  CREATE TEMP TABLE fresh ${NUMBERS};
  CREATE TEMP TABLE fresh_texts ${TEXTS};
`;

const MERGED = `
  last = CASE WHEN excluded.last_at >= last_at THEN excluded.last ELSE last END,
  last_at = max(last_at, excluded.last_at)`;

/** What becomes of a bucket that is there already: both are one. */
export const MERGE = `ON CONFLICT DO UPDATE SET min = min(min, excluded.min), max = max(max, excluded.max),
  sum = sum + excluded.sum, count = count + excluded.count, ${MERGED}`;

/** The same for texts. */
export const MERGE_TEXTS = `ON CONFLICT DO UPDATE SET count = count + excluded.count, ${MERGED}`;
