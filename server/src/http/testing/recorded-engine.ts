/** An engine made of recorded values: it answers with what it was given and remembers what it was told. */
import {
  type Asker,
  type Command,
  type CommandReply,
  createView,
  type Finding,
  type Incident,
  type Ownership,
  ownershipOf,
  type Policy,
  PolicySpec,
  type Preview,
  type PreviewOptions,
  type Record,
  type Ref,
  type Silence,
  type Ticket,
  type View,
} from "@kintsugi/core";
import { T0 } from "../../adapters/testing/records.ts";
import type { EngineFacade, EngineStatus, Explained, ObjectExplanation } from "../../engine-facade.ts";

export class RecordedEngine implements EngineFacade {
  readonly told: { readonly command: Command; readonly by: string }[] = [];
  readonly askers: Asker[] = [];
  readonly seen = createView();
  found: Finding[] = [];
  follows: Explained[] = [];
  /** What `preview` answers, by incident. */
  readonly previews = new Map<string, (options: PreviewOptions) => Preview>();
  readonly cluster: { review: EngineFacade["cluster"]["review"]; logs: EngineFacade["cluster"]["logs"] } = {
    review: async () => "allowed",
    logs: async () => "",
  };
  list: Incident[] = [];
  reported: Ticket[] = [];
  muted: Silence[] = [];
  inForce = PolicySpec.parse({});
  reply: CommandReply = { ok: true, text: "done" };
  explanation: ObjectExplanation | undefined;
  state: EngineStatus = {
    version: "0.1.0",
    cluster: "test",
    now: T0 + 120_000,
    startedAt: T0,
    lastStepAt: T0,
    authority: { type: "read-only" },
    policy: { name: "default", hash: "p1", mode: "suggest" },
    watches: [
      { kind: "Pod", health: "live" },
      { kind: "Node", health: "forbidden", reason: "nodes is forbidden" },
    ],
    synced: true,
  };
  readonly #listeners = new Set<(record: Record) => void>();

  incidents(): readonly Incident[] {
    return this.list;
  }
  incident(id: string): Incident | undefined {
    return this.list.find((one) => one.id === id);
  }
  tickets(): readonly Ticket[] {
    return this.reported;
  }
  async command(command: Command, by: Asker): Promise<CommandReply> {
    this.told.push({ command, by: by.name });
    this.askers.push(by);
    return this.reply;
  }
  explain(ref: ObjectExplanation["ref"]): ObjectExplanation {
    return this.explanation ?? { ref, observed: false, findings: [], silent: [], lines: [`${ref.kind} ${ref.namespace}/${ref.name}: no such object`] };
  }
  view(): View {
    return this.seen;
  }
  findings(): readonly Finding[] {
    return this.found;
  }
  ownership(ref: Ref): Ownership {
    return ownershipOf(ref, this.seen, this.policy());
  }
  preview(id: string, options: PreviewOptions = {}): Preview | undefined {
    return this.previews.get(id)?.(options);
  }
  explained(): readonly Explained[] {
    return this.follows;
  }
  status(): EngineStatus {
    return this.state;
  }
  policyFile: string | undefined;
  readonly put: { readonly policy: Policy; readonly document: string; readonly by: string }[] = [];
  async putPolicy({ policy, document }: { policy: Policy; document: string }, by: Asker): Promise<CommandReply> {
    this.put.push({ policy, document, by: by.name });
    return this.reply;
  }
  policy(): Policy {
    return { name: "default", hash: "p1", spec: this.inForce };
  }
  silences(): readonly Silence[] {
    return this.muted;
  }
  onRecord(listener: (record: Record) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  stored(records: readonly Record[]): void {
    for (const record of records) for (const listener of this.#listeners) listener(record);
  }
}
