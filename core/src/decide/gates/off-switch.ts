import type { ClusterObject } from "../../model/kube.ts";
import { refOf } from "../../model/kube.ts";
import { refText } from "../../model/ref.ts";
import { answerable, namespacesOf } from "../chain.ts";
import { type Answer, ask, block, type Gate, pass, unknown } from "../gate.ts";
import type { DecideInput } from "../input.ts";

const OFF_SWITCH = "kintsugi.dev/mode";

/** The annotation `kintsugi.dev/mode` on a namespace, any owner or a node: narrows, never widens. */
export const offSwitch: Gate = {
  id: "off-switch",
  check: (input) => {
    const namespaces = namespacesOf(input.plan);
    const missing = namespaces.find((name) => input.view.get("Namespace", "", name) === undefined);
    const answers = carriers(input, namespaces).flatMap((object) => answerOf(object) ?? []);
    const strictest = answers.find(({ answer }) => answer === "block") ?? answers[0];
    if (strictest?.answer === "block") return strictest;
    if (missing !== undefined) return unknown(`namespace ${missing} is not seen, so neither is its off switch`);
    return strictest ?? pass("no off switch on its namespace, owners or node");
  },
};

function carriers(input: DecideInput, namespaces: readonly string[]): readonly ClusterObject[] {
  const owners = answerable(input);
  const nodes = owners.flatMap((object) => (object.kind === "Pod" && object.spec.nodeName !== undefined ? [object.spec.nodeName] : []));
  return [
    ...namespaces.flatMap((name) => input.view.get("Namespace", "", name) ?? []),
    ...owners,
    ...[...new Set(nodes)].flatMap((name) => input.view.get("Node", "", name) ?? []),
  ];
}

function answerOf(object: ClusterObject): Answer | undefined {
  const value = object.metadata.annotations[OFF_SWITCH];
  const where = `${OFF_SWITCH}: ${value} on ${refText(refOf(object))}`;
  switch (value) {
    case undefined:
    case "act":
      return undefined;
    case "suggest":
      return ask(where);
    case "off":
    case "observe":
      return block(where);
    default:
      return block(`${where} is none of off, observe, suggest and act, and is taken for off`);
  }
}
