/** Every way in which a configuration or a profile can be wrong; the texts stand in `WORDS`. */
export type ConfigReason =
  | "unreadable"
  | "too_large"
  | "yaml_syntax"
  | "duplicate_key"
  | "bad_key"
  | "too_deep"
  | "alias_abuse"
  | "missing_variable"
  | "bad_expansion"
  | "unknown_key"
  | "missing_key"
  | "wrong_type"
  | "not_allowed"
  | "out_of_range"
  | "empty"
  | "bad_duration"
  | "bad_size"
  | "bad_rate"
  | "bad_url"
  | "url_holds_secret"
  | "bad_address"
  | "bad_hash"
  | "bad_expiry"
  | "bad_certificate"
  | "bad_header"
  | "bad_mail_address"
  | "bad_field_path"
  | "bad_name"
  | "reserved_name"
  | "not_available"
  | "unreadable_file"
  | "empty_secret"
  | "bad_key_file"
  | "given_twice"
  | "needs_key"
  | "not_with"
  | "duplicate_name"
  | "bad_topic"
  | "shared_subscription"
  | "no_device"
  | "sparkplug_topic"
  | "births_missing"
  | "tag_twice"
  | "tag_is_field"
  | "output_twice"
  | "value_needs_one_field"
  | "range_order"
  | "aggregate_type"
  | "unknown_profile"
  | "unknown_field"
  | "unknown_notifier"
  | "no_condition"
  | "two_conditions"
  | "condition_type"
  | "clear_side"
  | "bad_placeholder"
  | "open_without_tokens"
  | "shadowed"
  | "receive_maximum_high"
  | "topic_not_distinct"
  | "password_in_clear"
  | "required_never_met"
  | "sample_alike"
  | "weak_key"
  | "unknown_tag"
  | "series_merge"
  | "compares_redacted"
  | "example_fails";

/** What is wrong, what was found, what is allowed and what helps. */
export interface ConfigFacts {
  /** The value found, shortened; never a secret. */
  readonly found?: string | undefined;
  /** What is allowed in its place. */
  readonly allowed?: string | undefined;
  /** What to do, or the nearest name: `did you mean "every"`. */
  readonly hint?: string | undefined;
}

/** One thing that is wrong, with the place where it stands. */
export interface ConfigProblem {
  /** The file as it was named. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1. */
  readonly column: number;
  /** Path inside the file, e.g. `alerts[2].above`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, as data. */
  readonly reason: ConfigReason;
  /** The value found, shortened; never a secret nor a value of the environment. */
  readonly found?: string;
  /** What is allowed in its place. */
  readonly allowed?: string;
  /** What to do, or the nearest name. */
  readonly hint?: string;
}

const WORDS: Readonly<Record<ConfigReason, string>> = {
  unreadable: "The file cannot be read",
  too_large: "The file is too large",
  yaml_syntax: "The YAML cannot be understood",
  duplicate_key: "The key is given twice",
  bad_key: "The key cannot be used",
  too_deep: "The file is nested too deeply",
  alias_abuse: "The aliases of the file expand too far",
  missing_variable: "The environment variable is not set",
  bad_expansion: "The reference to an environment variable cannot be understood",
  unknown_key: "Unknown key",
  missing_key: "A required key is missing",
  wrong_type: "The value has the wrong type",
  not_allowed: "The value is not allowed",
  out_of_range: "The value is out of range",
  empty: "The value is empty",
  bad_duration: "The duration cannot be understood",
  bad_size: "The size cannot be understood",
  bad_rate: "The rate cannot be understood",
  bad_url: "The address cannot be used",
  url_holds_secret: "The address holds a secret or parameters",
  bad_address: "The listen address cannot be understood",
  bad_hash: "The token hash cannot be understood",
  bad_expiry: "The time of expiry cannot be understood",
  bad_certificate: "The certificate or its key cannot be used",
  bad_header: "The header cannot be sent",
  bad_mail_address: "The mail address cannot be understood",
  bad_field_path: "The path into the payload cannot be understood",
  bad_name: "The name cannot go to the database",
  reserved_name: "The name is reserved",
  not_available: "Not available yet",
  unreadable_file: "What is named here cannot be read",
  empty_secret: "The secret is empty",
  bad_key_file: "The file holds no encryption key",
  given_twice: "The secret is given twice",
  needs_key: "Another key is needed",
  not_with: "The key does not go with the others",
  duplicate_name: "The name is given twice",
  bad_topic: "The topic cannot be understood",
  shared_subscription: "A shared subscription would spread one device over several gateways",
  no_device: "The subscription does not say which device a message is from",
  sparkplug_topic: "The topic is none of Sparkplug B",
  births_missing: "The subscriptions leave out births that explain the others",
  tag_twice: "The tag is given twice",
  tag_is_field: "The tag has the name of a field in the database",
  output_twice: "The field is written twice to one measurement",
  value_needs_one_field: "The format does not say which field a message is",
  range_order: "The range is upside down",
  aggregate_type: "The aggregate does not fit the type of the field",
  unknown_profile: "There is no such profile",
  unknown_field: "There is no such field",
  unknown_notifier: "There is no such notifier",
  no_condition: "The alert has no condition",
  two_conditions: "The alert has more than one condition",
  condition_type: "The condition does not fit the type of the field",
  clear_side: "The clear value is on the wrong side of the threshold",
  bad_placeholder: "The summary names an unknown placeholder",
  open_without_tokens: "The API would listen beyond this machine without tokens",
  shadowed: "An earlier subscription takes all messages of this one",
  receive_maximum_high: "More messages in flight than the broker may keep",
  topic_not_distinct: "The retained topic does not tell alerts apart",
  password_in_clear: "The password would go over the network in clear",
  required_never_met: "Most messages would lack a required field",
  sample_alike: "Messages that are alike are all kept or all left out",
  weak_key: "The key can be guessed",
  unknown_tag: "There is no such tag",
  series_merge: "Series that differ in this tag alone become one",
  compares_redacted: "The rule sees the redacted value alone",
  example_fails: "The example does not come out as it says",
};

/**
 * One line for people: `file:line:column path: What failed, found "…", allowed …, what to do`.
 *
 * @param problem any problem or warning of a load
 */
export function renderProblem(problem: ConfigProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === "" ? "" : ` ${problem.path}`;
  return `${place}${path}: ${problemText(problem)}`;
}

/** The sentence of a problem without its place: `What failed, found "…", allowed …, what to do`. */
export function problemText(problem: ConfigProblem): string {
  const found = problem.found === undefined ? "" : `, found "${problem.found}"`;
  const allowed = problem.allowed === undefined ? "" : `, allowed ${problem.allowed}`;
  const hint = problem.hint === undefined ? "" : `, ${problem.hint}`;
  return `${WORDS[problem.reason]}${found}${allowed}${hint}`;
}
