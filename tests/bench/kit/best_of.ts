/**
 * Nanoseconds of a piece of work: the best of some rounds after one to warm up. The best is what the code costs;
 * the others show what else the machine did.
 */
export async function bestOf(rounds: number, work: () => unknown): Promise<number> {
  let best = Infinity;
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    await work();
    if (round > 0) best = Math.min(best, performance.now() - start);
  }
  return best * 1e6;
}
