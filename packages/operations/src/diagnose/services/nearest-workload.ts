/** The workload that a selector which matches nothing was most likely meant for: all of its labels agree but one. */
import { compare, objectKey, type KubeObject, type Labels, type ReplicaSet, type Service } from '@aia/cluster';
import type { Examination } from '../examination.ts';
import { podMakersIn } from '../pods/pod-makers.ts';
import { servicesSelecting } from './selecting-services.ts';
import { templateSelector } from './service-endpoints.ts';
import { revisionNumber, REVISION } from '../workloads/rollout.ts';

export interface NearestWorkload {
  readonly workload: KubeObject;
  /** The label that differs, what the selector asks for, and what the template has; `undefined` where it lacks the label. */
  readonly key: string;
  readonly wanted: string;
  readonly found: string | undefined;
  /**
   * Whether the two belong together beyond doubt: names or values are alike or the label is merely lacking, and no other
   * Service selects the workload.
   */
  readonly isDrifted: boolean;
  /** The earlier ReplicaSet of the workload whose template the selector still matches, with its revision. */
  readonly before: { readonly name: string; readonly revision: string } | undefined;
}

/** Workloads that are compared with one selector; a namespace holds far fewer, unless it means harm. */
const MOST = 500;

/** `undefined` where no workload of the namespace differs by just one label. */
export function nearestWorkload(examination: Examination, service: Service): NearestWorkload | undefined {
  const { snapshot } = examination;
  const { namespace = '' } = service.metadata;
  const selector = templateSelector(service.spec?.selector ?? {});
  const found = podMakersIn(examination, namespace)
    .slice(0, MOST)
    .filter((maker) => maker.wanted > 0)
    .flatMap(({ workload, labels }) => {
      const off = Object.entries(selector).filter(([key, value]) => labels[key] !== value);
      const [difference] = off;
      if (difference === undefined || off.length > 1) return [];
      const [key, wanted] = difference;
      const likeness = likenessOf(service, workload, {
        wanted,
        found: labels[key],
        pairs: Object.keys(selector).length,
      });
      return likeness === 0 ? [] : [{ workload, labels, key, wanted, found: labels[key], likeness }];
    });
  const [best] = found.sort((a, b) => b.likeness - a.likeness || compare(objectKey(a.workload), objectKey(b.workload)));
  if (best === undefined) return undefined;
  const { workload, labels, key, wanted } = best;
  return {
    workload,
    key,
    wanted,
    found: best.found,
    isDrifted: best.likeness > 1 && servicesSelecting(snapshot, namespace, labels).length === 0,
    before: earlierSet(examination, workload, selector),
  };
}

interface Difference {
  readonly wanted: string;
  readonly found: string | undefined;
  readonly pairs: number;
}

/** 0: nothing speaks for it; 1: they share the other labels; 2: names or values are alike too; 3: they bear one name. */
function likenessOf({ metadata }: Service, workload: KubeObject, { wanted, found, pairs }: Difference): number {
  const { name } = workload.metadata;
  if (name === metadata.name) return 3;
  if (isAlike(name, metadata.name) || (found !== undefined && isAlike(wanted, found))) return 2;
  if (pairs < 2) return 0;
  return found === undefined ? 2 : 1;
}

/** One begins with the other, or they differ by no more than two letters. */
function isAlike(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 3 && long.startsWith(short)) return true;
  return short.length >= 4 && long.length <= 63 && distance(short, long) <= 2;
}

/** Levenshtein's, of texts as short as a label. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

function earlierSet({ snapshot }: Examination, workload: KubeObject, selector: Labels): NearestWorkload['before'] {
  const sets = snapshot.ownedBy(workload).filter(({ kind }) => kind === 'ReplicaSet') as unknown as ReplicaSet[];
  const matching = sets.filter(({ spec }) => {
    const labels = spec?.template?.metadata?.labels ?? {};
    return Object.entries(selector).every(([key, value]) => labels[key] === value);
  });
  const [newest] = matching.sort(
    (a, b) => (revisionNumber(b) ?? 0) - (revisionNumber(a) ?? 0) || compare(a.metadata.name, b.metadata.name),
  );
  return newest === undefined
    ? undefined
    : { name: newest.metadata.name, revision: newest.metadata.annotations?.[REVISION] ?? '' };
}
