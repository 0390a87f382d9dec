/**
 * As few of the items as still fail, in their order: delta debugging (A. Zeller, R. Hildebrandt, IEEE TSE 28:2, 2002).
 * Parts are left out, ever smaller ones, as long as it fails without them; at the end no single item can be spared.
 *
 * @param items what fails as it is
 * @param fails whether these fail; asked for fewer and fewer
 * @param tries how often it is asked at most
 */
export async function shrunk<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  tries = 200,
): Promise<readonly T[]> {
  let left = items;
  let asked = 0;
  let size = Math.ceil(left.length / 2);
  while (size >= 1) {
    let spared = false;
    for (let at = 0; at < left.length && asked < tries;) {
      const rest = [...left.slice(0, at), ...left.slice(at + size)];
      asked++;
      if (await fails(rest)) {
        left = rest;
        spared = true;
      } else at += size;
    }
    if (size === 1 && !spared) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return left;
}
