/** How findings about pods and containers are worded and keyed, so that all rules say it the same way. */
import { formatCpu, refKey, refOf, type Pod, type Resources } from '@aia/cluster';
import { memoryText } from './container-memory.ts';
import type { ContainerCase } from './container-state.ts';
import { fieldEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import type { Facts, FindingDraft } from '../finding.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `shop/web-1`. */
export function podName(pod: Pod): string {
  return `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`;
}

/** `container api of pod shop/web-1`, with `Init container` or `Sidecar` where it is one. */
export function containerName(found: ContainerCase): string {
  const kind = !found.init ? 'Container' : found.container.restartPolicy === 'Always' ? 'Sidecar' : 'Init container';
  return `${kind} ${found.container.name} of pod ${podName(found.pod)}`;
}

/** Key of the workload that a pod belongs to; the fact by which findings about its pods are joined. */
export function workloadKey(examination: Examination, pod: Pod): string {
  return refKey(refOf(examination.workloadOf(pod)));
}

/** A duration for people in one unit, rounded down: `45 s`, `12 min`, `25 h`, `3 d`. Hours go up to two days. */
export function durationText(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.floor(ms / 1000)} s`;
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

/** ` for 25 h`, or nothing when the start is unknown or is itself the newest moment that was read. */
export function forText(examination: Examination, sinceAt: number | undefined): string {
  return sinceAt === undefined || sinceAt >= examination.now ? '' : ` for ${durationText(examination.now - sinceAt)}`;
}

/** `1 restart`, `14 restarts`. */
export function restartsText(restarts: number): string {
  return restarts === 1 ? '1 restart' : `${restarts} restarts`;
}

/** `a, b, c and 4 more`; at most three are named. */
export function listText(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

/** The first sentence of a runtime's words, shortened to at most 160 characters and without a full stop. */
export function briefly(text: string): string {
  const line = text.slice(0, 2000).split('\n', 1)[0]?.trim() ?? '';
  const short = line.length > 160 ? `${line.slice(0, 159)}…` : line;
  return short.endsWith('.') ? short.slice(0, -1) : short;
}

/** Facts without those that are unknown. */
export function knownFacts(facts: Readonly<Record<string, Facts[string] | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts;
}

/** A finding about one container; `container` and `workload` are added to the facts. */
export function containerDraft(
  examination: Examination,
  found: ContainerCase,
  draft: Omit<FindingDraft, 'resource' | 'part' | 'facts'> & {
    readonly facts?: Readonly<Record<string, Facts[string] | undefined>>;
  },
): FindingDraft {
  const workload = workloadKey(examination, found.pod);
  return {
    ...draft,
    resource: refOf(found.pod),
    part: found.container.name,
    facts: knownFacts({ container: found.container.name, workload, ...draft.facts }),
  };
}

/** Why a container waits, in its status. */
export function waitingEvidence(found: ContainerCase): readonly Evidence[] {
  const path = `${found.statusPath}.state.waiting`;
  const message = found.waitingMessage;
  if (found.waitingReason === '') return [];
  return [
    fieldEvidence(found.pod, `${path}.reason`, found.waitingReason),
    ...(message === '' ? [] : [fieldEvidence(found.pod, `${path}.message`, message)]),
  ];
}

/** How a container last ended, in its status. */
export function endEvidence(found: ContainerCase): readonly Evidence[] {
  const { last, lastPath, pod } = found;
  if (last === undefined) return [];
  return [
    ...(last.reason === undefined ? [] : [fieldEvidence(pod, `${lastPath}.reason`, last.reason)]),
    fieldEvidence(pod, `${lastPath}.exitCode`, last.exitCode ?? 0),
    ...(last.message === undefined || last.message === ''
      ? []
      : [fieldEvidence(pod, `${lastPath}.message`, last.message)]),
  ];
}

/** How often a container has been restarted. */
export function restartEvidence(found: ContainerCase): Evidence {
  return fieldEvidence(found.pod, `${found.statusPath}.restartCount`, found.restarts);
}

/** `2500m CPU and 4Gi memory`, or `no CPU or memory`. */
export function requestsText({ cpuMillis, memoryBytes }: Pick<Resources, 'cpuMillis' | 'memoryBytes'>): string {
  const parts = [
    cpuMillis > 0 ? `${formatCpu(cpuMillis)} CPU` : '',
    memoryBytes > 0 ? `${memoryText(memoryBytes)} memory` : '',
  ];
  return parts.filter((part) => part !== '').join(' and ') || 'no CPU or memory';
}
