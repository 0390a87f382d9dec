import type { Model } from "./model.ts";
import { powerMeter } from "./power_meter.ts";
import { thermoHygrometer } from "./thermo_hygrometer.ts";

/** The kinds of devices of a simulated site; devices are dealt out in turn. */
export const MODELS: readonly Model[] = [thermoHygrometer, powerMeter];
