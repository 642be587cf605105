/** What the conformance suite offers and cannot be met, each with its reason. A test holds this equal to what the suite finds. */

export interface Exception {
  readonly scenario: string;
  readonly revision: string;
  /** Ids of checks; all that are not met when undefined. Empty: the suite itself sees that it does not apply, and checks nothing. */
  readonly checks?: readonly string[];
  readonly why: string;
}

const WITHOUT_SESSIONS = "2025-11-25";
const NO_WAY_BACK = "over HTTP without sessions a server of 2025-11-25 cannot ask its client; nothing of the kind is advertised there, and over stdio it works";
const NO_SUBSCRIPTIONS =
  "over HTTP without sessions a server of 2025-11-25 cannot tell of changes; it does not advertise subscriptions there, and over stdio they work";
const NO_SESSION = "there are no sessions, so no id of one";

const UNCHECKED: Exception = {
  scenario: "server-session-lifecycle",
  revision: WITHOUT_SESSIONS,
  checks: [],
  why: "there are no sessions, so none can be ended",
};

const stateless = (why: string, scenario: string, ...checks: readonly string[]): Exception => ({
  ...{ scenario, revision: WITHOUT_SESSIONS, why },
  ...(checks.length === 0 ? {} : { checks }),
});

/** Of our transport, whatever is served over it. */
export const CANNOT_APPLY: readonly Exception[] = [
  UNCHECKED,
  stateless(NO_WAY_BACK, "tools-call-sampling"),
  stateless(NO_WAY_BACK, "tools-call-elicitation"),
  stateless(NO_WAY_BACK, "elicitation-sep1034-defaults"),
  stateless(NO_WAY_BACK, "elicitation-sep1330-enums"),
  stateless(NO_SUBSCRIPTIONS, "resources-subscribe"),
  stateless(NO_SUBSCRIPTIONS, "resources-unsubscribe"),
  stateless(NO_SESSION, "server-sse-multiple-streams", "server-sse-multiple-streams-session"),
  stateless(NO_SESSION, "server-sse-polling", "server-sse-polling-session"),
  stateless(
    "no stream outlives its request, so there is nothing to resume: a recommendation for servers that keep events",
    "server-sse-polling",
    "server-sse-priming-event",
    "server-sse-retry-field",
  ),
];

/** Optional by definition, and not offered. */
export const EXTENSIONS: { readonly [scenario: string]: string } = {
  ...Object.fromEntries(
    [
      ...["tasks-lifecycle", "tasks-capability-negotiation", "tasks-wire-fields", "tasks-request-state-removal", "tasks-mrtr-input"],
      ...["tasks-request-headers", "tasks-dispatch-and-envelope", "tasks-status-notifications", "tasks-required-task-error", "tasks-mrtr-composition"],
    ].map((name) => [name, "the extension of tasks: a remediation that goes on is an incident, with an id and a resource that tells of changes"]),
  ),
  ...Object.fromEntries(
    ["sep-2640-skills-directory", "sep-2640-skills-enumeration", "sep-2640-skills-manifest"].map((name) => [name, "the extension of skills: there are none"]),
  ),
};

const BOTH = ["2025-11-25", "2026-07-28"];
const MODERN = ["2026-07-28"];
const LEGACY = ["2025-11-25"];

/** Scenarios that call what the suite alone defines, and by which revisions: the product has no such thing. */
const FIXTURES: readonly (readonly [revisions: readonly string[], fixture: string, ...scenarios: readonly string[]])[] = [
  [BOTH, "the prompt test_prompt_with_arguments", "completion-complete", "prompts-get-with-args"],
  [BOTH, "the prompt test_simple_prompt", "prompts-get-simple"],
  [BOTH, "the prompt test_prompt_with_embedded_resource", "prompts-get-embedded-resource"],
  [BOTH, "the prompt test_prompt_with_image", "prompts-get-with-image"],
  [BOTH, "the resources test://static-text and test://static-binary", "resources-read-text", "resources-read-binary"],
  [BOTH, "the template test://template/{id}/data", "resources-templates-read"],
  [BOTH, "tools that return each kind of content", "tools-call-simple-text", "tools-call-image", "tools-call-audio"],
  [BOTH, "tools that return each kind of content", "tools-call-embedded-resource", "tools-call-mixed-content"],
  [BOTH, "the tool test_error_handling", "tools-call-error"],
  [BOTH, "the tool test_tool_with_progress", "tools-call-with-progress"],
  [BOTH, "the tool json_schema_2020_12_tool", "json-schema-2020-12"],
  [LEGACY, "logging to the client, which the product does not offer", "logging-set-level", "tools-call-with-logging"],
  [MODERN, "a tool with an argument in a header", "http-custom-header-server-validation"],
  [MODERN, "the tool test_input_required_result_elicitation", "input-required-result-basic-elicitation", "input-required-result-missing-input-response"],
  [MODERN, "the tool test_input_required_result_elicitation", "input-required-result-result-type", "input-required-result-ignore-extra-params"],
  [MODERN, "the tool test_input_required_result_sampling", "input-required-result-basic-sampling"],
  [MODERN, "the tool test_input_required_result_list_roots", "input-required-result-basic-list-roots"],
  [MODERN, "the tool test_input_required_result_request_state", "input-required-result-request-state"],
  [MODERN, "the tool test_input_required_result_tampered_state", "input-required-result-tampered-state"],
  [MODERN, "the tool test_input_required_result_multiple_inputs", "input-required-result-multiple-input-requests"],
  [MODERN, "the tool test_input_required_result_multi_round", "input-required-result-multi-round"],
  [MODERN, "the tool test_input_required_result_capabilities", "input-required-result-capability-check"],
  [MODERN, "the prompt test_input_required_result_prompt", "input-required-result-non-tool-request"],
];

/** Of the product: beside what cannot apply, all that needs a fixture. */
export const NEEDS_FIXTURE: readonly Exception[] = [
  ...FIXTURES.flatMap(([revisions, fixture, ...names]) =>
    names.flatMap((scenario) => revisions.map((revision): Exception => ({ scenario, revision, why: `calls for ${fixture}` }))),
  ),
  {
    scenario: "server-stateless",
    revision: "2026-07-28",
    checks: [
      "sep-2575-server-rejects-undeclared-capability",
      "sep-2575-missing-capability-http-400",
      "sep-2575-http-server-no-independent-requests-on-stream",
      "sep-2575-server-no-log-without-loglevel",
    ],
    why: "calls for the tools test_missing_capability, test_streaming_elicitation and test_logging_tool",
  },
  {
    scenario: "server-stateless",
    revision: "2026-07-28",
    checks: ["sep-2575-server-sends-prompts-list-changed-on-subscription", "sep-2575-server-sends-tools-list-changed-on-subscription"],
    why: "the product's tools and prompts do not change while it runs, and it does not say that they do",
  },
];
