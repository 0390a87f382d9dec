import { type FieldText, type Line, lineWith } from "./line_parts.ts";
import type { NamedLines } from "./verdict.ts";

/** A line, or some fields of it. */
export interface Piece {
  readonly line: Line;
  readonly fields: readonly FieldText[];
}

/** The piece as a line. */
export function pieceText(piece: Piece): string {
  return lineWith(piece.line, piece.fields);
}

/** Lines in halves, or the fields of one line; the first half is tried next. */
export function halve(group: readonly Piece[], groups: Piece[][]): void {
  const piece = group[0];
  if (piece === undefined) return;
  if (group.length > 1) {
    const middle = group.length >> 1;
    groups.push(group.slice(middle), group.slice(0, middle));
    return;
  }
  const { line, fields } = piece;
  const middle = fields.length >> 1;
  groups.push([{ line, fields: fields.slice(middle) }], [{ line, fields: fields.slice(0, middle) }]);
}

/** The pieces of a group that a refusal names, by text or by number. */
export function namedPieces(group: readonly Piece[], named: NamedLines): Set<Piece> {
  const found = new Set<Piece>();
  for (const number of named.numbers) {
    const piece = group[number - 1];
    if (piece !== undefined) found.add(piece);
  }
  if (named.texts.length > 0) {
    const texts = new Set(named.texts);
    for (const piece of group) if (texts.has(pieceText(piece))) found.add(piece);
  }
  return found;
}
