import type { Rules } from "../model/mod.ts";

/** The rules before the first configuration record: nothing is subscribed, so nothing is taken. */
export const EMPTY_RULES: Rules = {
  subscriptions: [],
  profiles: {},
  limits: {
    payload: 256 * 1024,
    depth: 32,
    keys: 1_000,
    devices: 50_000,
    series: 500_000,
    windows: 2_000_000,
    deviceRate: 5_000,
  },
  alerts: [],
  receiveMaximum: 500,
};
