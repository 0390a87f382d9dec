/**
 * Holds a text against a glob: `*` is any run of characters, also none, `?` exactly one. The whole text must
 * match, upper and lower case differ. Time is at most text × pattern, whatever the pattern.
 */
export function matchGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const found = [...text];
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < found.length) {
    if (wanted[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < wanted.length && (wanted[p] === "?" || wanted[p] === found[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars never need to be revisited.
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[p] === "*") p++;
  return p === wanted.length;
}
