import type { Clock } from "../clock.ts";
import type { GatewayConfig } from "../config/mod.ts";
import type { InboxPort } from "../ingest/mod.ts";
import { EMPTY_RULES } from "../pipeline/mod.ts";
import { makeIntake } from "./make_intake.ts";
import { machine } from "./ports.ts";

/** How long the broker may take, ms. */
const PATIENCE = 5_000;

/**
 * Tries whether the broker lets the gateway in, under a client id of its own: the gateway may be running.
 *
 * @returns the outcome with the sentence for people
 */
export async function probeBroker(
  config: GatewayConfig,
  clock: Clock,
): Promise<{ ok: boolean; text: string }> {
  const { mqtt } = config;
  if (mqtt.embedded !== undefined) return { ok: true, text: `${mqtt.url} is started by the gateway itself` };
  const outcome = Promise.withResolvers<{ ok: boolean; text: string }>();
  const timer = clock.after(PATIENCE, () => {
    outcome.resolve({ ok: false, text: `${mqtt.url} gave no answer in ${PATIENCE / 1_000} s` });
  });
  const guest: GatewayConfig = {
    ...config,
    mqtt: {
      ...mqtt,
      clientId: `${mqtt.clientId}-probe-${crypto.randomUUID().slice(0, 8)}`,
      sessionExpiry: 1_000,
    },
  };
  const intake = makeIntake(
    guest,
    {
      rules: EMPTY_RULES,
      formerFilters: [],
      lastConnectedAt: undefined,
      formerDropped: undefined,
      echo: undefined,
    },
    NOWHERE,
    { ...machine(() => {}, false), clock },
    (event) => {
      if (event.kind === "connected") outcome.resolve({ ok: true, text: `${mqtt.url} lets the gateway in` });
      if (event.kind === "unreachable" || event.kind === "refused" || event.kind === "disconnected") {
        outcome.resolve({ ok: false, text: event.text });
      }
    },
  );
  await intake.start();
  const result = await outcome.promise;
  timer.cancel();
  await intake.stop();
  return result;
}

/** The probe subscribes to nothing, so nothing comes in. */
const NOWHERE: InboxPort = {
  message: () => 0,
  session: () => 0,
  onDurable: () => {},
  pendingBytes: 0,
  writable: true,
  onWritable: () => {},
  nextConnection: () => 1,
};
