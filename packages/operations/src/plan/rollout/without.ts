/** Fields left out. */

/** The value without some of its fields. */
export function without<T extends object, K extends keyof T>(value: T, ...fields: readonly K[]): Omit<T, K> {
  const entries = Object.entries(value).filter(([name]) => !(fields as readonly string[]).includes(name));
  return Object.fromEntries(entries) as Omit<T, K>;
}
