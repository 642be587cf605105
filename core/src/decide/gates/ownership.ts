import type { Ownership } from "../../model/decision.ts";
import { touchedBy } from "../chain.ts";
import { type Answer, ask, block, type Gate, pass, unknown } from "../gate.ts";
import type { DecideInput } from "../input.ts";
import { ownershipOf, weightiest } from "../ownership.ts";
import { offerPatch } from "../patch-offer.ts";

/** What has an owner is mended through it: plain objects may be changed, Helm's only where the rendered spec stays, others not at all. */
export const ownership: Gate = {
  id: "ownership",
  check: (input) => {
    const owned = weightiest(touchedBy(input.plan).map((ref) => ownershipOf(ref, input.view, input.policy)));
    return owned === undefined ? unknown("the plan touches nothing that is seen") : answerTo(owned, input);
  },
};

function answerTo(owned: Ownership, { plan }: DecideInput): Answer {
  switch (owned.type) {
    case "plain":
      return pass("a plain object: nothing else keeps it as it is");
    case "helm": {
      const release = owned.release === "" ? "Helm" : `Helm release ${owned.release}`;
      if (!plan.changesSpec) return pass(`installed by ${release}, and the rendered spec is left alone`);
      return offering(ask(`installed by ${release}: its values must be changed too, or the next upgrade puts this back`), `the values of ${release}`, plan);
    }
    case "gitops": {
      const tool = owned.tool === "argocd" ? `Argo CD application ${owned.name}` : `Flux ${owned.name}`;
      const where = owned.source === "" ? tool : `${tool} (${owned.source})`;
      return offering(block(`kept by ${where}: to be changed there, or it would be put back`), where, plan);
    }
    case "operator":
      return offering(block(`kept by ${owned.name}: to be changed there, or it would be put back`), owned.name, plan);
    case "unknown":
      return unknown(`its owner is not known: ${owned.why}`);
  }
}

function offering(answer: Answer, where: string, plan: DecideInput["plan"]): Answer {
  const offer = offerPatch(plan, where);
  return offer === undefined ? answer : { ...answer, offer };
}
