import type { ErrorCode } from "yaml";

/**
 * What the parser's codes mean. Its own messages are not shown: some quote the file, and what stands where it
 * does not belong may be a password.
 */
export const YAML_WORDS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "an alias has neither anchor nor tag",
  BAD_ALIAS: "an alias is * and a name",
  BAD_DIRECTIVE: "a line that begins with % is no directive of YAML",
  BAD_DQ_ESCAPE: "a text in double quotes has an unknown escape, single quotes take \\ as it is",
  BAD_INDENT: "the indentation does not fit the lines around it, or a bracket has no end",
  BAD_PROP_ORDER: "anchor and tag stand before the value",
  BAD_SCALAR_START: "a text that begins with this character needs quotes",
  BLOCK_AS_IMPLICIT_KEY: "there is a second colon on the line, a text with a colon and a blank needs quotes",
  BLOCK_IN_FLOW: "what stands in brackets cannot be indented lines",
  DUPLICATE_KEY: "the key is given twice",
  IMPOSSIBLE: "the parser gave up",
  KEY_OVER_1024_CHARS: "a key is longer than 1024 characters",
  MISSING_CHAR: "a colon, comma, quote or bracket is missing",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines, or its colon is missing",
  MULTIPLE_ANCHORS: "a value has one anchor at most",
  MULTIPLE_DOCS: "a file holds one document",
  MULTIPLE_TAGS: "a value has one tag at most",
  NON_STRING_KEY: "a key is a word",
  RESOURCE_EXHAUSTION: "it is nested too deeply",
  TAB_AS_INDENT: "indentation is blanks, not tabs",
  TAG_RESOLVE_FAILED: "a tag (!) is unknown or does not fit its value",
  UNEXPECTED_TOKEN: "something stands where nothing of its kind can",
  BAD_COLLECTION_TYPE: "the tag of a mapping or list does not fit it",
};
