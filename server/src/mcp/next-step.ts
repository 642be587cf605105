/** What to do after a refusal, for who called a tool: the API's own text says what was wrong. */

const BY_CODE: Readonly<{ [code: string]: string }> = {
  PROMETHEUS_UNAVAILABLE:
    "this engine has no metrics source, so nothing is to be retried; query-signal with object, events, logs or findings works without one",
  KSERVE_UNAVAILABLE:
    "no model server is configured or it does not answer; list-models says which models there are; the diagnoses of explain-incident need none",
  MODEL_NOT_FOUND: "list-models says which models there are",
};

const BY_STATUS: Readonly<{ [status: number]: string }> = {
  0: "tell the person that the engine does not answer; `kintsugi doctor` says more. Call again once it runs: nothing else has to be restarted",
  400: "correct the argument that is named and call again",
  401: "the credential for MCP is not accepted any more: the person reads the mcp-token file again",
  403: "do not try another way: tell the person what is not allowed; who runs the cluster can bind a role of `kintsugi rbac`",
  404: "look up the right name with list-incidents, list-pods or get-topology",
  409: "as things stand that is not possible: look at it again with get-incident or list-incidents before anything else",
  413: "ask for less",
  422: "read the reason: get-incident shows the phase, explain-incident what stands in the way",
  429: "wait as long as it says, then ask for less at a time",
  503: "call again in a few seconds; when it stays so, tell the person",
};

export function nextStep(status: number, code?: string): string | undefined {
  return (code === undefined ? undefined : BY_CODE[code]) ?? BY_STATUS[status];
}

/** The same text, with what the API says of its query and body said of a tool's arguments: `querystring/labelSelector: ...` is `label_selector: ...`. */
export function inArguments(message: string): string {
  return message.replaceAll(/(^|; )(?:querystring|params|body)\/([\w/]*): /g, (_, before: string, path: string) => {
    const name = path.replaceAll("/", ".").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return name === "" ? before : `${before}${name}: `;
  });
}
