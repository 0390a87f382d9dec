/** Where a value stands in a YAML file: keys and list indices from the root. */
export type KeyPath = readonly (string | number)[];

/** A path for people: `alerts[2].above`, and `tags["a.b"]` where a key is no plain word. */
export function pathText(path: KeyPath): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(part)) text += text === "" ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** Whether `path` is `ancestor` or lies below it. */
export function liesUnder(path: KeyPath, ancestor: KeyPath): boolean {
  return ancestor.every((part, index) => path[index] === part);
}
