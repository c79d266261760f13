/** Times as Go prints them. */

/**
 * Epoch milliseconds of Go's default time text (`2026-11-24 01:02:03.456789 +0000 UTC m=+1.5`) or of RFC 3339;
 * `undefined` when neither.
 */
export function goTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?/.exec(text);
  if (match === null) return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const at = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(at) ? undefined : at;
}
