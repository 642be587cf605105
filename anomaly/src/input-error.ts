/** Input that no method can answer for. The message says what was wrong, where, and what would be right. */
export class InputError extends Error {
  override readonly name = "InputError";
}
