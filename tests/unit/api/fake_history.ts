import type { HistoryView, Series, Span } from "../../../src/api/mod.ts";

/** A series of the fake history. */
export const SERIES: Series = {
  id: "00000003-temperature",
  device: "kiln-3",
  profile: "thermo-hygrometer",
  measurement: "climate",
  tags: { site: "a" },
  field: "temperature",
  type: "float",
  unit: "degC",
  last_at: "2026-07-01T14:12:29.000Z",
};

const FROM = "2026-07-01T13:00:00.000Z";
const TO = "2026-07-01T14:00:00.000Z";

/** What the fake answers in the place of a history. */
export type FakeHistory = "kept" | "none_kept" | "unavailable";

/**
 * Knows one series with one point; a rule named `wrong` is wrong. It tells the times that it was asked for.
 *
 * @param asked takes each stretch that was asked for
 */
export function fakeHistory(
  state: FakeHistory = "kept",
  asked: (span: Span) => void = () => {},
): HistoryView {
  const gone = state === "none_kept"
    ? { kind: state } as const
    : { kind: "unavailable", detail: "The disk is full" } as const;
  const answer = <T>(found: T): Promise<T | typeof gone> => Promise.resolve(state === "kept" ? found : gone);
  return {
    history({ series, points: _, ...span }): ReturnType<HistoryView["history"]> {
      asked(span);
      const point = { time: FROM, min: 20, mean: 21, max: 22, count: 6, last: 21.5 };
      return answer(
        series === SERIES.id
          ? { series: SERIES, from: FROM, to: TO, resolution_seconds: 60, points: [point] }
          : undefined,
      );
    },
    sparklines: (devices) =>
      answer({
        from: FROM,
        to: TO,
        items: devices.map((device) => ({
          ...{ device, series: SERIES.id, field: "temperature", unit: null, values: [null, 21] },
        })),
      }),
    tryRule(rule, span): ReturnType<HistoryView["tryRule"]> {
      asked(span);
      if (rule.startsWith("wrong")) {
        const problem = {
          file: "rule",
          line: 2,
          column: 3,
          path: "above",
          message: "The value has the wrong type",
        };
        return answer({ kind: "wrong", problems: [problem] });
      }
      return answer({ from: FROM, to: TO, resolution_seconds: 60, series: 1, firings: [], total: 0 });
    },
  };
}
