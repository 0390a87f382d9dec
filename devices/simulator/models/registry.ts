import { accessController } from "./access_controller.ts";
import { appLog } from "./app_log.ts";
import { ciPipeline } from "./ci_pipeline.ts";
import { coldChainTracker } from "./cold_chain_tracker.ts";
import { hostAgent } from "./host_agent.ts";
import type { Model } from "./model.ts";
import { powerMeter } from "./power_meter.ts";
import { tankLevel } from "./tank_level.ts";
import { thermoHygrometer } from "./thermo_hygrometer.ts";
import { vibrationSensor } from "./vibration_sensor.ts";

/** The kinds of devices of a simulated site, each once. */
export const MODELS: readonly Model[] = [
  thermoHygrometer,
  powerMeter,
  vibrationSensor,
  tankLevel,
  accessController,
  coldChainTracker,
  hostAgent,
  ciPipeline,
  appLog,
];

/** The two that any site has. */
export const ROOMS_AND_METERS: readonly Model[] = [thermoHygrometer, powerMeter];

/** Which kinds a site's devices are, dealt out in turn: mostly rooms and meters, one of each other kind in 21. */
export const SITE_MIX: readonly Model[] = [
  ...Array.from({ length: 6 }, () => ROOMS_AND_METERS).flat(),
  ...MODELS.slice(2),
  ...ROOMS_AND_METERS,
];
