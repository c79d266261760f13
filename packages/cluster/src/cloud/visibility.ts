/**
 * GKE's autoscaler visibility log (`container.googleapis.com/cluster-autoscaler-visibility`), as
 * `gcloud logging read --format=json` prints it (a list), or one entry (a line of NDJSON).
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-autoscaler-visibility
 */
import { finiteNumber, inside, isRecord, Reading, typeName, type Json, type Parsed } from '../model/unknown-json.ts';
import type { VisibilityRecord } from './cloud.ts';

/** Records kept per reading; a day of a large cluster's log has a few thousand. */
const RECORD_CAP = 100_000;

/**
 * Flattens entries into records, oldest first: a result gives one per `results[]`, a refusal one per reason, so that every
 * record carries at most one message id.
 */
export function parseVisibility(value: unknown): Parsed<readonly VisibilityRecord[]> {
  const reading = new Reading();
  const entries = Array.isArray(value)
    ? value
    : isRecord(value) && Array.isArray(value['entries'])
      ? value['entries']
      : [value];
  const records: VisibilityRecord[] = [];
  entries.forEach((entry: unknown, i) => {
    const place = Array.isArray(value) || entries.length > 1 ? `[${i}]` : '';
    if (!isRecord(entry)) return reading.note(place, `expected a log entry, found ${typeName(entry)}`);
    const found = readEntry(entry, place, reading);
    const room = RECORD_CAP - records.length;
    if (found.length > room) reading.note(place, `more than ${RECORD_CAP} records; the rest is left out`);
    append(records, found.slice(0, room));
  });
  records.sort((a, b) => a.at - b.at);
  return { value: records, problems: reading.problems };
}

/** What stands in a record beside its time. */
type Content = Omit<VisibilityRecord, 'at'>;

function readEntry(entry: Json, place: string, reading: Reading): readonly VisibilityRecord[] {
  const payload = isRecord(entry['jsonPayload']) ? entry['jsonPayload'] : entry;
  const at = inside(place, 'jsonPayload');
  for (const [branch, read] of BRANCHES) {
    const part = payload[branch];
    if (!isRecord(part)) continue;
    const time = seconds(part['decideTime']) ?? seconds(part['measureTime']) ?? stamp(entry);
    if (time === undefined) {
      reading.note(inside(at, branch), 'no time can be read; left out');
      return [];
    }
    return read(part, inside(at, branch), reading).map((content) => ({ at: time, ...content }));
  }
  reading.note(at, 'none of decision, resultInfo, noDecisionStatus, status');
  return [];
}

type Branch = (part: Json, place: string, reading: Reading) => readonly Content[];

const BRANCHES: readonly (readonly [string, Branch])[] = [
  ['decision', readDecision],
  ['resultInfo', readResults],
  ['noDecisionStatus', readRefusal],
  ['status', () => [content({ type: 'status' })]],
];

function readDecision(decision: Json, place: string, reading: Reading): readonly Content[] {
  const eventId = reading.text(decision, 'eventId', place);
  const up = decision['scaleUp'];
  if (isRecord(up)) {
    const at = inside(place, 'scaleUp');
    const groups = reading.records(up, 'increasedMigs', at, (item) => migName(item));
    return [content({ type: 'scale-up', eventId, groups, pods: podNames(up, 'triggeringPods', at, reading) })];
  }
  const down = decision['scaleDown'];
  if (isRecord(down)) {
    const at = inside(place, 'scaleDown');
    const groups = reading.records(down, 'nodesToBeRemoved', at, (item) =>
      isRecord(item['node']) ? migName(item['node']) : undefined,
    );
    const pods = reading
      .records(down, 'nodesToBeRemoved', at, (item, where) => podNames(item, 'evictedPods', where, reading))
      .flat();
    return [content({ type: 'scale-down', eventId, groups: unique(groups), pods })];
  }
  const created = reading.record(decision, 'nodePoolCreated', place);
  const pools = reading.records(created, 'nodePools', place, (pool, at) =>
    reading.records(pool, 'migs', at, (mig) => text(mig['name'])),
  );
  return [content({ type: 'other', eventId, groups: pools.flat() })];
}

/** A result without an error message is a success; its message id stays empty. */
function readResults(part: Json, place: string, reading: Reading): readonly Content[] {
  return reading.records(part, 'results', place, (result, at) =>
    content({ type: 'result', eventId: reading.text(result, 'eventId', at), ...reason(result['errorMsg']) }),
  );
}

function readRefusal(part: Json, place: string, reading: Reading): readonly Content[] {
  const { noScaleUp, noScaleDown } = part;
  const records: Content[] = [];
  if (isRecord(noScaleUp)) append(records, readNoScaleUp(noScaleUp, inside(place, 'noScaleUp'), reading));
  if (isRecord(noScaleDown)) append(records, readNoScaleDown(noScaleDown, inside(place, 'noScaleDown'), reading));
  if (records.length === 0) records.push(content({ type: isRecord(noScaleDown) ? 'no-scale-down' : 'no-scale-up' }));
  return records;
}

function readNoScaleUp(part: Json, place: string, reading: Reading): readonly Content[] {
  const type = 'no-scale-up';
  const records: Content[] = isRecord(part['reason']) ? [content({ type, ...reason(part['reason']) })] : [];
  append(records, perGroup(part, 'skippedMigs', [], place, reading));
  reading.records(part, 'unhandledPodGroups', place, (group, at) => {
    const sample = isRecord(group['podGroup']) ? podName(group['podGroup']['samplePod']) : undefined;
    const pods = sample === undefined ? [] : [sample];
    append(
      records,
      reading.records(group, 'napFailureReasons', at, (item) => content({ type, pods, ...reason(item) })),
    );
    append(records, perGroup(group, 'rejectedMigs', pods, at, reading));
    return undefined;
  });
  return records;
}

/** Groups refused for the same reason become one record. */
function perGroup(
  owner: Json,
  key: string,
  pods: readonly string[],
  place: string,
  reading: Reading,
): readonly Content[] {
  const byReason = new Map<string, Content & { readonly groups: string[] }>();
  reading.records(owner, key, place, (item) => {
    const told = reason(item['reason']);
    const id = JSON.stringify(told);
    const known = byReason.get(id) ?? { ...content({ type: 'no-scale-up', pods, ...told }), groups: [] as string[] };
    byReason.set(id, known);
    const name = migName(item);
    if (name !== undefined) known.groups.push(name);
    return undefined;
  });
  return [...byReason.values()];
}

function readNoScaleDown(part: Json, place: string, reading: Reading): readonly Content[] {
  const type = 'no-scale-down';
  const records: Content[] = isRecord(part['reason']) ? [content({ type, ...reason(part['reason']) })] : [];
  const nodes = reading.records(part, 'nodes', place, (item) => {
    const group = isRecord(item['node']) ? migName(item['node']) : undefined;
    return content({ type, ...reason(item['reason']), groups: group === undefined ? [] : [group] });
  });
  return [...records, ...nodes];
}

/** Not `push(...more)`: the number of arguments is bounded, and hostile lists are longer. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const item of more) list.push(item);
}

function content(given: Pick<Content, 'type'> & Partial<Content>): Content {
  return { eventId: '', messageId: '', parameters: [], pods: [], groups: [], ...given };
}

function reason(value: unknown): Pick<Content, 'messageId' | 'parameters'> {
  if (!isRecord(value)) return { messageId: '', parameters: [] };
  const parameters = Array.isArray(value['parameters']) ? value['parameters'] : [];
  return {
    messageId: text(value['messageId']) ?? '',
    parameters: parameters.filter((part) => typeof part === 'string'),
  };
}

function migName(item: Json): string | undefined {
  return isRecord(item['mig']) ? text(item['mig']['name']) : undefined;
}

function podNames(owner: Json, key: string, place: string, reading: Reading): readonly string[] {
  return reading.records(owner, key, place, podName);
}

function podName(pod: unknown): string | undefined {
  if (!isRecord(pod)) return undefined;
  const name = text(pod['name']);
  return name === undefined ? undefined : `${text(pod['namespace']) ?? 'default'}/${name}`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Epoch seconds, which the log writes as text. */
function seconds(value: unknown): number | undefined {
  const number = finiteNumber(value);
  return number === undefined || number <= 0 || number > 1e11 ? undefined : Math.round(number * 1000);
}

function stamp(entry: Json): number | undefined {
  const at = Date.parse(text(entry['timestamp']) ?? text(entry['receiveTimestamp']) ?? '');
  return Number.isNaN(at) ? undefined : at;
}
