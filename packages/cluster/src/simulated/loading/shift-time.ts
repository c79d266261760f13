/** Moves everything that a recorded cluster says of time, so that it was recorded at another moment and every age stays what it was. */
import { encodeSnapshot } from '../../snapshot/codec.ts';
import { createSnapshot, type ClusterSnapshot, type SnapshotParts } from '../../snapshot/snapshot.ts';

/** `2025-09-27T11:59:03Z`, also with fractions and within texts. */
const RFC3339 = /\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|\+00:00)/g;
/** `2025-09-27 11:59:03.123 +0000 UTC`, as Go prints times in texts. */
const GO_TIME = /\b(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,9})?( \+0000 UTC)/g;
/** Epoch milliseconds stand in fields so named; anything smaller is no moment of a cluster's life. */
const MOMENT = /(?:^at|At)$/;
const EARLIEST = Date.UTC(2000, 0, 1);

/**
 * The snapshot with every moment later by `byMs`, which is rounded to whole seconds, since most times of Kubernetes have no more. Times in words, such as `Thu Sep 25`, and those inside of certificates are not moved.
 */
export function shiftTime(snapshot: ClusterSnapshot, byMs: number): ClusterSnapshot {
  const by = Math.round(byMs / 1000) * 1000;
  return by === 0 ? snapshot : createSnapshot(shifted(encodeSnapshot(snapshot), by, '') as SnapshotParts);
}

function shifted(value: unknown, by: number, key: string): unknown {
  if (typeof value === 'string') return shiftedText(value, by);
  if (typeof value === 'number') return MOMENT.test(key) && value > EARLIEST ? value + by : value;
  if (Array.isArray(value))
    return key === 'times' ? value.map((at: number) => at + by) : value.map((item) => shifted(item, by, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shifted(part, by, name)]));
}

function shiftedText(text: string, by: number): string {
  if (text.length < 20 || !text.includes(':')) return text;
  return text
    .replace(RFC3339, (whole, seconds: string, fraction = '', zone: string) => {
      const at = Date.parse(`${seconds}Z`);
      return Number.isNaN(at) ? whole : `${iso(at + by)}${fraction as string}${zone}`;
    })
    .replace(GO_TIME, (whole, day: string, time: string, fraction = '', zone: string) => {
      const at = Date.parse(`${day}T${time}Z`);
      return Number.isNaN(at) ? whole : `${iso(at + by).replace('T', ' ')}${fraction as string}${zone}`;
    });
}

/** To the second, without a zone. */
function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
