/** Logs who wrote to what, subresources such as pods/eviction included; reads, leases and events are not logged, nor are questions but those of our own accounts about others. */
export const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
    {
      level: "None",
      resources: [
        { group: "", resources: ["events"] },
        { group: "events.k8s.io", resources: ["events"] },
      ],
    },
    // Whom our own accounts ask about is theirs to answer for; a token itself is never in the log at this level.
    {
      level: "Metadata",
      userGroups: ["system:serviceaccounts:kintsugi"],
      resources: [
        { group: "authentication.k8s.io", resources: ["tokenreviews"] },
        { group: "authorization.k8s.io", resources: ["subjectaccessreviews"] },
      ],
    },
    // Questions that are asked by POST and change nothing.
    { level: "None", resources: [{ group: "authentication.k8s.io" }, { group: "authorization.k8s.io" }] },
    { level: "Metadata", verbs: ["create", "update", "patch", "delete", "deletecollection"] },
    { level: "None" },
  ],
} as const;
