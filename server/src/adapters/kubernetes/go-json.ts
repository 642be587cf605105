/** JSON with the escapes that Go's encoding/json writes into strings. */

/**
 * The API server's JSON Patch compares a `test` value with its own text byte by byte, and Go writes these characters escaped: sent plainly, a test
 * of a command with `&&` in it would always fail. (encoding/json, Marshal: HTML escaping; evanphx/json-patch, lazyNode.equal)
 */
const ESCAPED = /[<>&\u2028\u2029]/g;

/** These characters stand only in strings, so that escaping them changes no meaning. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(ESCAPED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
