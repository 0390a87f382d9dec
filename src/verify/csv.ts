/**
 * Reads comma-separated values (RFC 4180) as InfluxDB answers Flux: tables one after another, each with its own
 * header, an empty line between two of them. Lines that begin with `#` are annotations and left out.
 *
 * @returns every row with its values by column name, in order
 */
export function readTables(text: string): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  let header: readonly string[] | undefined;
  for (const line of records(text)) {
    if (line.length === 1 && line[0] === "") header = undefined;
    else if (line[0]?.startsWith("#")) continue;
    else if (header === undefined) header = line;
    else rows.push(Object.fromEntries(header.map((name, index) => [name, line[index] ?? ""])));
  }
  return rows;
}

/** The records of the text, each split into its values; an empty line is one empty value. */
function* records(text: string): Generator<string[]> {
  let values: string[] = [];
  for (let at = 0; at < text.length;) {
    const [value, end] = text[at] === '"' ? quoted(text, at) : plain(text, at);
    values.push(value);
    if (text[end] === ",") {
      at = end + 1;
      // A comma at the very end of the text still has an empty value behind it.
      if (at === text.length) values.push("");
      continue;
    }
    yield values;
    values = [];
    at = text.startsWith("\r\n", end) ? end + 2 : end + 1;
  }
  if (values.length > 0) yield values;
}

function plain(text: string, from: number): [value: string, end: number] {
  let end = from;
  while (end < text.length && !",\r\n".includes(text[end] ?? "")) end++;
  return [text.slice(from, end), end];
}

/** A value in double quotes; two of them within it stand for one. */
function quoted(text: string, from: number): [value: string, end: number] {
  let end = from + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  return [text.slice(from + 1, end).replaceAll('""', '"'), end + 1];
}
