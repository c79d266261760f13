/**
 * The ConfigMap in which the cluster autoscaler says how it is, in the YAML form of 1.30 and later; the cloud's listing is kept equal to it.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/proposals/clusterstate.md; `clusterstate/api`
 */
import { parse } from 'yaml';
import { LAST_UPDATED, parseAutoscalerStatus } from '../../cloud/autoscaler-status.ts';
import { isRecord } from '../../model/unknown-json.ts';
import type { KindMap } from '../../model/kinds.ts';
import { CONFIG_MAPS } from '../api/built-in-types.ts';
import type { AutoscalerContext } from './autoscaler-context.ts';
import { STATUS_NAME, STATUS_NAMESPACE } from './autoscaler-events.ts';
import type { GroupError } from './back-off.ts';

/** Nodes of a group, or of all. */
export interface NodeCounts {
  readonly total: number;
  readonly ready: number;
  readonly unready: number;
  /** Machines without a Node yet, within their time. */
  readonly unregistered: number;
}

/** What the status says of one group. */
export interface GroupReport {
  readonly url: string;
  readonly counts: NodeCounts;
  readonly target: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly isGrowing: boolean;
  readonly error: GroupError | undefined;
  readonly candidates: number;
}

type ConfigMap = KindMap['ConfigMap'];
/** When each condition became what it is, by `‹group›/‹condition›`. */
interface Since {
  readonly status: string;
  readonly at: string;
}

export class AutoscalerStatusWriter {
  readonly #context: Pick<AutoscalerContext, 'api' | 'clock' | 'cloud'>;
  readonly #since = new Map<string, Since>();
  #written: string | undefined;

  constructor(context: Pick<AutoscalerContext, 'api' | 'clock' | 'cloud'>) {
    this.#context = context;
  }

  get uid(): string | undefined {
    return this.#stored()?.metadata.uid;
  }

  /** Writes what changed; a status that would only say that it was looked at again is left as it is. */
  write(reports: readonly GroupReport[]): void {
    const stored = this.#stored();
    if (this.#written === undefined && stored !== undefined) this.#adopt(stored);
    const said = JSON.stringify(reports);
    if (said === this.#written && stored !== undefined) return;
    if (this.#written === RECORDED && stored !== undefined && isSame(stored, reports)) {
      this.#written = said;
      return;
    }
    this.#written = said;
    const now = goTimestamp(this.#context.clock.now);
    const text = this.#textOf(reports, now);
    const annotations = { ...stored?.metadata.annotations, [LAST_UPDATED]: now };
    this.#put(stored, annotations, text);
    this.#context.cloud.change(() => ({ autoscaler: parseAutoscalerStatus(text, annotations).value }));
  }

  #stored(): ConfigMap | undefined {
    return this.#context.api.store.get(CONFIG_MAPS, STATUS_NAMESPACE, STATUS_NAME);
  }

  /** Conditions of a recorded status go on since when they were recorded to. */
  #adopt({ data }: ConfigMap): void {
    this.#written = RECORDED;
    const status = statusIn(data?.['status']);
    this.#note('', status?.['clusterWide']);
    for (const group of Array.isArray(status?.['nodeGroups']) ? (status['nodeGroups'] as unknown[]) : [])
      if (isRecord(group) && typeof group['name'] === 'string') this.#note(group['name'], group);
  }

  #note(name: string, conditions: unknown): void {
    if (!isRecord(conditions)) return;
    for (const key of ['health', 'scaleUp', 'scaleDown']) {
      const condition = conditions[key];
      if (!isRecord(condition)) continue;
      const { status, lastTransitionTime: at } = condition;
      if (typeof status === 'string' && typeof at === 'string') this.#since.set(`${name}/${key}`, { status, at });
    }
  }

  #put(stored: ConfigMap | undefined, annotations: Readonly<Record<string, string>>, status: string): void {
    const { api } = this.#context;
    const metadata = { name: STATUS_NAME, namespace: STATUS_NAMESPACE, annotations };
    if (stored === undefined)
      api.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { status } });
    else
      api.change(CONFIG_MAPS, STATUS_NAMESPACE, STATUS_NAME, (one) => ({
        ...one,
        metadata: { ...one.metadata, annotations },
        data: { ...one.data, status },
      }));
  }

  #textOf(reports: readonly GroupReport[], now: string): string {
    const total = sumOf(reports.map(({ counts }) => counts));
    const isGrowing = reports.some((report) => report.isGrowing);
    const candidates = reports.reduce((sum, report) => sum + report.candidates, 0);
    const whole = (key: string, status: string, more: readonly string[] = []) => this.#condition('', key, status, more);
    return [
      `time: ${now}`,
      'autoscalerStatus: Running',
      'clusterWide:',
      ...whole('health', 'Healthy', countLines(total)),
      ...whole('scaleUp', isGrowing ? 'InProgress' : 'NoActivity'),
      ...whole('scaleDown', scaleDownOf(candidates), candidateLines(candidates)),
      'nodeGroups:',
      ...reports.flatMap((report) => this.#group(report)),
      '',
    ].join('\n');
  }

  #group({ url, counts, target, minSize, maxSize, isGrowing, error, candidates }: GroupReport): readonly string[] {
    const size = [`cloudProviderTarget: ${target}`, `minSize: ${minSize}`, `maxSize: ${maxSize}`];
    const scaleUp = isGrowing ? 'InProgress' : error === undefined ? 'NoActivity' : 'Backoff';
    const of = (key: string, status: string, more: readonly string[]) => this.#condition(url, key, status, more);
    return [
      `- name: ${url}`,
      ...of('health', 'Healthy', [...countLines(counts), ...size]),
      ...of('scaleUp', scaleUp, isGrowing ? ['backoffInfo: {}'] : backOffLines(error)),
      ...of('scaleDown', scaleDownOf(candidates), candidateLines(candidates)),
    ];
  }

  #condition(name: string, key: string, status: string, more: readonly string[]): readonly string[] {
    const now = nanosecondTime(this.#context.clock.now);
    const id = `${name}/${key}`;
    const known = this.#since.get(id);
    const since = known?.status === status ? known : { status, at: now };
    this.#since.set(id, since);
    const lines = [`status: ${status}`, ...more, `lastProbeTime: "${now}"`, `lastTransitionTime: "${since.at}"`];
    return [`  ${key}:`, ...lines.map((line) => `    ${line}`)];
  }
}

const RECORDED = 'recorded';

/** Whether a recorded status says the same of each group already. */
function isSame({ metadata, data }: ConfigMap, reports: readonly GroupReport[]): boolean {
  const { value } = parseAutoscalerStatus(data?.['status'] ?? '', metadata.annotations);
  if (value === undefined || value.nodeGroups.length !== reports.length) return false;
  return reports.every((report) => {
    const group = value.nodeGroups.find(({ name }) => name === report.url);
    const isBackedOff = report.error !== undefined;
    return (
      group !== undefined &&
      group.ready === report.counts.ready &&
      group.target === report.target &&
      group.minSize === report.minSize &&
      group.maxSize === report.maxSize &&
      (group.scaleUp === 'Backoff') === isBackedOff &&
      (group.backoff?.errorCode ?? '') === (report.error?.errorCode ?? '') &&
      !report.isGrowing
    );
  });
}

function statusIn(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = parse(text ?? '', { maxAliasCount: 0, uniqueKeys: false, logLevel: 'error' });
    return isRecord(value) ? value : undefined;
  } catch {
    // The older form is text; its times are not needed.
    return undefined;
  }
}

function sumOf(counts: readonly NodeCounts[]): NodeCounts {
  const sum = (key: keyof NodeCounts) => counts.reduce((all, one) => all + one[key], 0);
  return { total: sum('total'), ready: sum('ready'), unready: sum('unready'), unregistered: sum('unregistered') };
}

function countLines({ total, ready, unready, unregistered }: NodeCounts): readonly string[] {
  return [
    'nodeCounts:',
    '  registered:',
    `    total: ${total}`,
    `    ready: ${ready}`,
    '    notStarted: 0',
    '    unready:',
    `      total: ${unready}`,
    '      resourceUnready: 0',
    '  longUnregistered: 0',
    `  unregistered: ${unregistered}`,
  ];
}

function backOffLines(error: GroupError | undefined): readonly string[] {
  if (error === undefined) return ['backoffInfo: {}'];
  return ['backoffInfo:', `  errorCode: ${error.errorCode}`, `  errorMessage: ${JSON.stringify(error.errorMessage)}`];
}

function scaleDownOf(candidates: number): string {
  return candidates > 0 ? 'CandidatesPresent' : 'NoCandidates';
}

function candidateLines(candidates: number): readonly string[] {
  return candidates > 0 ? [`candidates: ${candidates}`] : [];
}

/** `2025-09-27 11:59:51.014 +0000 UTC`, as Go prints times. */
function goTimestamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1).replace('T', ' ')}000000 +0000 UTC`;
}

function nanosecondTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, -1)}000000Z`;
}
