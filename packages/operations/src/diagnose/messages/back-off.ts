/** Back-off: the kubelet waits longer and longer before it tries again. */
import { plainText } from './event-text.ts';
import { groupsOf } from './row.ts';

/** What is tried again, and for a restart of which container. */
export interface BackOffMessage {
  readonly kind: 'restart' | 'image';
  /** The present delay; only waiting messages name it. */
  readonly delayMs?: number;
  readonly container?: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly uid?: string;
  readonly image?: string;
  readonly text: string;
}

const POD = String.raw`(?<pod>[\w.-]{1,320})_(?<namespace>[\w.-]{1,320})\((?<uid>[\w-]{1,64})\)`;

/** Waiting message of CrashLoopBackOff, all versions. */
const WAITING = new RegExp(
  `^back-off (?<delay>[\\w.]{1,30}) restarting failed container=(?<container>[\\w.-]{1,320}) pod=${POD}`,
  'i',
);
/** Event, 1.25 on. */
const EVENT = new RegExp(`^Back-off restarting failed container (?<container>[\\w.-]{1,320}) in pod ${POD}`);
/** Event until 1.24. */
const SHORT = /^Back-off restarting failed container$/;
const IMAGE = /^Back-off pulling image "(?<image>[^"]{1,600})"/;

/** Reads events BackOff and the waiting messages of CrashLoopBackOff and ImagePullBackOff. */
export function parseBackOff(message: string): BackOffMessage | undefined {
  const text = plainText(message);
  const image = IMAGE.exec(text);
  if (image !== null) return { kind: 'image', ...groupsOf(image, 'image'), text };
  const waiting = WAITING.exec(text);
  const match = waiting ?? EVENT.exec(text) ?? SHORT.exec(text);
  if (match === null) return undefined;
  const delayMs = parseDuration(waiting?.groups?.['delay'] ?? '');
  const parts = groupsOf(match, 'container', 'namespace', 'pod', 'uid');
  return { kind: 'restart', ...(delayMs === undefined ? {} : { delayMs }), ...parts, text };
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Go's `time.Duration` text such as `5m0s` or `1m20s`, in milliseconds. */
function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|h|m|s)){1,4}$/.test(text)) return undefined;
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d{1,9}(?:\.\d{1,9})?)(ms|h|m|s)/g))
    sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return sum;
}
