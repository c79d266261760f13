/**
 * The cluster autoscaler's status ConfigMap (`kube-system/cluster-autoscaler-status`, key `status`), both formats: YAML
 * since 1.30, plain text before.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md and proposals/clusterstate.md
 */
import { parse } from 'yaml';
import { inside, isRecord, Reading, type Json, type Parsed } from '../model/unknown-json.ts';
import type { AutoscalerStatus, NodeGroupStatus } from './cloud.ts';
import { goTime } from './autoscaler-time.ts';
import { readLegacyStatus } from './legacy-status.ts';

/** Where self-managed autoscalers write the time of the last update, in Go's text form. */
export const LAST_UPDATED = 'cluster-autoscaler.kubernetes.io/last-updated';
/** A ConfigMap holds at most 1 MiB. */
const LONGEST = 1 << 20;

/**
 * Reads the text under `status`; `annotations` are the ConfigMap's. The value is `undefined` when the text is neither
 * format.
 */
export function parseAutoscalerStatus(
  text: string,
  annotations: Readonly<Record<string, string>> = {},
): Parsed<AutoscalerStatus | undefined> {
  const reading = new Reading();
  if (text.length > LONGEST) {
    reading.note('status', `${text.length} characters; a ConfigMap holds at most ${LONGEST}`);
    return { value: undefined, problems: reading.problems };
  }
  const updatedAt = goTime(annotations[LAST_UPDATED]);
  const value = /^\s*Cluster-autoscaler status at\b/i.test(text)
    ? readLegacyStatus(text, updatedAt)
    : readStructured(text, updatedAt, reading);
  return { value, problems: reading.problems };
}

function readStructured(text: string, updatedAt: number | undefined, reading: Reading): AutoscalerStatus | undefined {
  const status = parsed(text, reading);
  if (status === undefined) return undefined;
  const whole = reading.record(status, 'clusterWide', '');
  return {
    format: 'yaml',
    updatedAt: goTime(status['time']) ?? updatedAt,
    status: reading.text(status, 'autoscalerStatus', ''),
    health: wordOf(whole, 'health', 'clusterWide', reading),
    scaleUp: wordOf(whole, 'scaleUp', 'clusterWide', reading),
    scaleDown: wordOf(whole, 'scaleDown', 'clusterWide', reading),
    nodeGroups: reading.records(status, 'nodeGroups', '', (group, at) => readGroup(group, at, reading)),
  };
}

function parsed(text: string, reading: Reading): Json | undefined {
  try {
    // Checking for double keys costs time squared, and the writer is a Go struct.
    const value: unknown = parse(text, { maxAliasCount: 0, uniqueKeys: false, logLevel: 'error' });
    if (isRecord(value) && ('autoscalerStatus' in value || 'clusterWide' in value || 'nodeGroups' in value))
      return value;
    reading.note('status', 'neither the YAML nor the text format of the cluster autoscaler');
  } catch (error) {
    reading.note('status', `not YAML: ${firstLine(error)}`);
  }
  return undefined;
}

function readGroup(group: Json, place: string, reading: Reading): NodeGroupStatus | undefined {
  const name = reading.text(group, 'name', place);
  if (name === '') {
    reading.note(place, 'a node group without a name; left out');
    return undefined;
  }
  const at = inside(place, 'health');
  const health = reading.record(group, 'health', place);
  const registered = reading.record(reading.record(health, 'nodeCounts', at), 'registered', at);
  const amount = (owner: Json, key: string): number => reading.number(owner, key, at) ?? 0;
  return {
    name,
    health: wordOf(group, 'health', place, reading),
    ready: amount(registered, 'ready'),
    target: amount(health, 'cloudProviderTarget'),
    minSize: amount(health, 'minSize'),
    maxSize: amount(health, 'maxSize'),
    scaleUp: wordOf(group, 'scaleUp', place, reading),
    scaleDown: wordOf(group, 'scaleDown', place, reading),
    backoff: readBackoff(reading.record(group, 'scaleUp', place), inside(place, 'scaleUp'), reading),
  };
}

/** `backoffInfo: {}` is how an idle group writes none. */
function readBackoff(scaleUp: Json, place: string, reading: Reading): NodeGroupStatus['backoff'] {
  const told = reading.record(scaleUp, 'backoffInfo', place);
  const errorCode = reading.text(told, 'errorCode', inside(place, 'backoffInfo'));
  const errorMessage = reading.text(told, 'errorMessage', inside(place, 'backoffInfo'));
  return errorCode === '' && errorMessage === '' ? undefined : { errorCode, errorMessage };
}

function wordOf(owner: Json, key: string, place: string, reading: Reading): string {
  return reading.text(reading.record(owner, key, place), 'status', inside(place, key));
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, 200).split('\n', 1)[0] ?? '';
}
