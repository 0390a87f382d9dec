/**
 * Holds what the gateway says it delivered against what the database says it holds: the number that an auditor can
 * check. The rules (V1 …) are in SPEC.md beside this file.
 *
 * In: the delivery account, as `GET /api/v1/delivered` tells it, and a database that answers questions. Out: for each
 * device, measurement and UTC day what was expected and found, a verdict, and the sentences that explain it. It
 * promises that it changes nothing on either side, and that what cannot be known is said and not guessed.
 * @module
 */
export {
  type Account,
  type AccountItem,
  accountOf,
  type AccountPage,
  type AccountRow,
  type Measurement,
  readPage,
} from "./account.ts";
export { type Answer, type Ask, askOver, jsonOf, type Request, shownBody, type Side } from "./ask.ts";
export type { Compared, Comparison, SumVerdict } from "./compare.ts";
export type { Database, Found, Question, Retention } from "./database.ts";
export type { Days } from "./days.ts";
export { identify, type Target } from "./identify.ts";
export { VerifyProblem } from "./problem.ts";
export { reportJson, reportText, type Sides } from "./report.ts";
export { differs, type Verification, verify, type VerifyParts } from "./verify.ts";
