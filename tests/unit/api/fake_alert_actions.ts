import type { Alert, AlertActionsView, Silence } from "../../../src/api/mod.ts";

/**
 * What people do about alerts, in memory: this one fires, `slow/kiln-3` is pending. The only rule is `too-hot`, there
 * are at most three silences, and it is 14:12:30.
 */
export function fakeAlertActions(firing: Alert): AlertActionsView {
  let alert = firing;
  const all: Silence[] = [];
  const since = "2026-07-01T14:12:30.000Z";
  return {
    acknowledge(id, by, note) {
      if (id === "slow/kiln-3") return Promise.resolve({ kind: "not_firing" });
      if (id !== alert.id) return Promise.resolve({ kind: "unknown" });
      if (alert.acknowledged !== null) return Promise.resolve({ kind: "already", alert });
      alert = { ...alert, acknowledged: { by, at: "2026-07-01T14:12:30.000Z", note } };
      return Promise.resolve({ kind: "acknowledged", alert });
    },
    silences: ({ limit }) => ({ items: all.slice(0, limit), next_cursor: null }),
    silence({ rule, device, reason, lasts }, by) {
      const end = "ms" in lasts ? Date.parse(since) + lasts.ms : Date.parse(lasts.until);
      if (rule !== null && rule !== "too-hot") {
        return Promise.resolve({ kind: "unknown_rule", rules: ["too-hot"] });
      }
      if (end <= Date.parse(since)) return Promise.resolve({ kind: "bad_end", now: since });
      if (all.length === 3) return Promise.resolve({ kind: "too_many" });
      const until = new Date(end).toISOString();
      const silence = { id: `s${all.length + 1}`, rule, device, reason, by, since, until };
      all.push(silence);
      return Promise.resolve({ kind: "silenced", silence });
    },
    unsilence(id) {
      const at = all.findIndex((silence) => silence.id === id);
      const [silence] = at < 0 ? [] : all.splice(at, 1);
      return Promise.resolve(silence === undefined ? { kind: "unknown" } : { kind: "removed", silence });
    },
  };
}
