/** A refusal or a failure that a person can act on: it says what, where and what would be right. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
}
