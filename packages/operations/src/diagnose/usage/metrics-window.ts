/** The window of a metrics API object: a Go duration such as `30s`, `20.021s` or `1m0s`. */

const PART = /(\d{1,9}(?:\.\d{1,9})?)(h|m(?!s)|s|ms)/g;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** In milliseconds; 0 when absent or unreadable. */
export function windowMs(text: string | undefined): number {
  let sum = 0;
  for (const [, value, unit] of (text ?? '').slice(0, 64).matchAll(PART))
    sum += Number(value) * (UNIT_MS[unit ?? ''] ?? 0);
  return Math.round(sum);
}
