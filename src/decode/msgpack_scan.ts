import type { Limits, Refusal } from "../model/mod.ts";
import { Containers, trailing, truncated } from "./containers.ts";
import { notUtf8, wrongUtf8 } from "./text.ts";

/** What the first byte of a value says beside the small ones: how many bytes hold its length, and of what. */
type Head =
  | { readonly kind: "scalar"; readonly size: number }
  | { readonly kind: "text" | "bytes" | "extension" | "array" | "map"; readonly size: number };

/** From 0xc0 on (MessagePack specification, "Formats"); `undefined`: never used. */
const HEADS: readonly (Head | undefined)[] = [
  { kind: "scalar", size: 0 }, // nil
  undefined,
  { kind: "scalar", size: 0 }, // false
  { kind: "scalar", size: 0 }, // true
  ...[1, 2, 4].map((size): Head => ({ kind: "bytes", size })),
  ...[1, 2, 4].map((size): Head => ({ kind: "extension", size })),
  ...[4, 8].map((size): Head => ({ kind: "scalar", size })), // float
  ...[1, 2, 4, 8].map((size): Head => ({ kind: "scalar", size })), // uint
  ...[1, 2, 4, 8].map((size): Head => ({ kind: "scalar", size })), // int
  ...[1, 2, 4, 8, 16].map((size): Head => ({ kind: "scalar", size: size + 1 })), // fixext
  ...[1, 2, 4].map((size): Head => ({ kind: "text", size })),
  ...[2, 4].map((size): Head => ({ kind: "array", size })),
  ...[2, 4].map((size): Head => ({ kind: "map", size })),
];

/**
 * Looks at the bytes of a MessagePack value without building anything: whether it is complete and alone, its texts
 * UTF-8, its depth and the keys of its maps within the limits. The package reserves the memory of an array by its
 * announced length and reads broken UTF-8 as something else, so this stands before it.
 */
export function scanMsgpack(bytes: Uint8Array, limits: Limits): Refusal | undefined {
  const open = new Containers(limits);
  let at = 0;
  do {
    const first = bytes[at];
    if (first === undefined) return truncated();
    at++;
    let kind: Head["kind"] = "scalar";
    let length = 0;
    if (first >= 0x80 && first < 0xc0) {
      kind = first < 0x90 ? "map" : first < 0xa0 ? "array" : "text";
      length = kind === "text" ? first & 31 : first & 15;
    } else if (first >= 0xc0 && first < 0xe0) {
      const head = HEADS[first - 0xc0];
      if (head === undefined) {
        return { reason: "undecodable", found: `byte 0xc1 at position ${at - 1}`, allowed: "MessagePack" };
      }
      if (at + head.size > bytes.length) return truncated();
      kind = head.kind;
      if (kind !== "scalar") {
        for (let n = 0; n < head.size; n++) length = length * 256 + (bytes[at + n] ?? 0);
      }
      at += head.size;
    }
    const left = bytes.length - at;
    let wrong: Refusal | undefined;
    if (kind === "array" || kind === "map") {
      wrong = open.open(kind === "map" ? 2 * length : length, kind === "map");
    } else {
      // An extension has its type before its bytes.
      const size = kind === "extension" ? length + 1 : length;
      if (size > left) return truncated();
      if (kind === "text" && wrongUtf8(bytes, at, at + size)) return notUtf8(bytes.subarray(at, at + size));
      at += size;
      wrong = open.item();
    }
    if (wrong !== undefined) return wrong;
  } while (open.depth > 0);
  return at < bytes.length ? trailing(bytes.length - at) : undefined;
}
