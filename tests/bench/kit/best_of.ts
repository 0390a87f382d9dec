/**
 * Nanoseconds of a piece of work: the best of some rounds after one to warm up. The best is what the code costs;
 * the others show what else the machine did.
 */
export async function bestOf(rounds: number, work: () => unknown): Promise<number> {
  const [best] = await bestOfEach(rounds, [work]);
  return best ?? NaN;
}

/** The same of several pieces of work in turns: whoever compares them gives them the same moods of the machine. */
export async function bestOfEach(rounds: number, works: readonly (() => unknown)[]): Promise<number[]> {
  const best = works.map(() => Infinity);
  for (let round = 0; round <= rounds; round++) {
    for (const [n, work] of works.entries()) {
      const start = performance.now();
      await work();
      if (round > 0) best[n] = Math.min(best[n] ?? Infinity, performance.now() - start);
    }
  }
  return best.map((ms) => ms * 1e6);
}
