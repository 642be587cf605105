/** ServiceAccounts of a stage, as people and assistants come with them: their roles in the cluster's RBAC and their tokens for one audience. */
import { type Person, unique } from "./person.ts";
import type { Stage } from "./stage.ts";

const RBAC = "rbac.authorization.k8s.io";

export class Credentials {
  readonly #person: Person;
  readonly #bindings: string[] = [];

  constructor(person: Person) {
    this.#person = person;
  }

  /** An account of the stage's, with a role of `kintsugi rbac` (or another ClusterRole) in that namespace, or everywhere. */
  async account(stage: Stage, name: string, role: string, where: "here" | "everywhere"): Promise<void> {
    await stage.create("v1", "ServiceAccount", name, {});
    const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: role };
    const subjects = [{ kind: "ServiceAccount", name, namespace: stage.namespace }];
    if (where === "here") await stage.create(`${RBAC}/v1`, "RoleBinding", name, { roleRef, subjects });
    else {
      const binding = unique(`kintsugi-story-${name}`);
      this.#bindings.push(binding);
      await this.#person.create({ apiVersion: `${RBAC}/v1`, kind: "ClusterRoleBinding", metadata: { name: binding }, roleRef, subjects });
    }
  }

  /** As `kubectl create token NAME --audience AUDIENCE`. */
  async token(stage: Stage, name: string, ...audiences: readonly string[]): Promise<string> {
    const spec = { expirationSeconds: 3_600, ...(audiences.length === 0 ? {} : { audiences }) };
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
    const reply = await this.#person.post(`/api/v1/namespaces/${stage.namespace}/serviceaccounts/${name}/token`, request);
    return reply["status"].token as string;
  }

  /** Takes away what was bound everywhere; the rest goes with the stage. */
  async forget(): Promise<void> {
    for (const name of this.#bindings.splice(0)) await this.#person.remove(`${RBAC}/v1`, "ClusterRoleBinding", "", name);
  }
}
