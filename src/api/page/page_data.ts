import type { Alert } from "../schemas/alerts.ts";
import type { Device } from "../schemas/devices.ts";
import type { NotifierAnswer } from "../schemas/notifiers.ts";
import type { QuarantineEntry } from "../schemas/quarantine.ts";
import type { Status } from "../schemas/status.ts";

/** All that the page shows: the same answers as the routes give. */
export interface PageData {
  readonly status: Status;
  /** Firing first. */
  readonly alerts: readonly Alert[];
  /** Those that need attention first. */
  readonly devices: readonly Device[];
  /** Those that fail; they alone are shown. */
  readonly failing: readonly NotifierAnswer[];
  /** Newest first. */
  readonly refused: readonly QuarantineEntry[];
  /** Anyone on this machine is let in. */
  readonly local: boolean;
}
