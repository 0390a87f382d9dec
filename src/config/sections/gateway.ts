import { z } from "zod";
import { name, text } from "./scalars.ts";

/** Who this gateway is and where it keeps its data. */
export interface GatewayIdentity {
  /** A tag on self-telemetry and part of the MQTT client id. */
  readonly id: string;
  /** Folder of the journals and the checkpoint; resolved against the folder of the configuration. */
  readonly dataDir: string;
}

/** Section `gateway`. */
export const gatewaySection = z.strictObject({
  id: name().optional().describe("Name of this gateway: a tag on self-telemetry. Default: the host name."),
  data_dir: text().prefault("./data").describe(
    "Folder of the journals and the checkpoint. A relative path starts at the folder of this file.",
  ),
}).prefault({});
