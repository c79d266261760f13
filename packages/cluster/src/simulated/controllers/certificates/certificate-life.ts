/** From when to when certificates hold, and when they are made anew. Source: https://cert-manager.io/docs/usage/certificate/#renewal-reissuance */

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
export const DAY_MS = 86_400_000;
export const DEFAULT_LIFETIME_MS = 90 * DAY_MS;
const FIRST_RETRY_MS = 3_600_000;
const LONGEST_RETRY_MS = 32 * FIRST_RETRY_MS;

/** Milliseconds of a Go duration such as `2160h0m0s`; `undefined` where it is none. */
export function durationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, amount = '', unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0),
    0,
  );
}

/** When a certificate is due: after two thirds of its life, or as long before its end as its spec says; to the second. */
export function renewalAt(notBeforeAt: number, notAfterAt: number, renewBefore: string | undefined): number {
  const life = notAfterAt - notBeforeAt;
  const wanted = durationMs(renewBefore);
  const before = wanted !== undefined && wanted < life ? wanted : life / 3;
  return Math.floor((notAfterAt - before) / 1000) * 1000;
}

/** How long nothing is asked for after so many failures in a row: an hour, then twice as long each time, 32 hours at most. */
export function backOffMs(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
}

/** `2024-01-16 17:04:50 +0000 UTC`, as Go prints a time. */
export function goTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}

/** `Mon, 02 Jan 2023 15:04:05 UTC`. */
export function rfc1123(at: number): string {
  return new Date(at).toUTCString().replace('GMT', 'UTC');
}
