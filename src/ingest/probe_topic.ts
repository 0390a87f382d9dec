/**
 * The topic of a session's probes: what comes there never enters the inbox, whatever filters match it.
 *
 * A level of its own under `sluice/probe`, so that one access rule, `sluice/probe/#`, is enough. Not below `$`: such
 * topics are the broker's, and many let nobody publish there (MQTT 5.0 §4.7.2).
 *
 * @param clientId of the session; what a topic level may not hold is percent-encoded
 */
export function probeTopic(clientId: string): string {
  return `sluice/probe/${encodeURIComponent(clientId.toWellFormed())}`;
}
