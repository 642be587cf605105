/** What must never be in a log line, wherever it hides in an object. */
export const REDACTED_PATHS: readonly string[] = ["token", "secret", "password", "authorization", "kubeconfig"].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);
