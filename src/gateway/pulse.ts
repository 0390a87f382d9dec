import { PULSE } from "../buffer/mod.ts";
import type { Clock, Timer } from "../clock.ts";

/**
 * Tells journal time again and again that the process runs.
 *
 * @returns ends it
 */
export function startPulse(time: { pulse(): void }, clock: Clock): () => void {
  let timer: Timer | undefined;
  const beat = (): void => {
    time.pulse();
    timer = clock.after(PULSE, beat);
  };
  beat();
  return () => timer?.cancel();
}
