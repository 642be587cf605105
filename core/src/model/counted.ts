/** Numbers of things in sentences for people. */

/** `1 pod fails`, `3 pods fail`: the number, and the words that go with it. */
export function counted(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
