/** Measured use for clusters that tests make: as a Prometheus that has watched them for days would give it. */
import {
  createSnapshot,
  snapshotOf,
  type ClusterSnapshot,
  type ContainerUsage,
  type SimulatedCluster,
} from '@aia/cluster';
import type { PolicyFile } from '@aia/contract';
import { assess } from '../../assess.ts';
import { policyFrom } from '../../policy/policy.ts';
import { Planning } from '../planning.ts';

/** Of each pod of an `app`: millicores and MiB; lists repeat. */
export interface Use {
  readonly cpu: number | readonly number[];
  readonly memory: number | readonly number[];
  readonly hours?: number;
  /** Default all containers of the pod. */
  readonly container?: string;
}

const STEP_MS = 30 * 60_000;
const MIB = 2 ** 20;

/** The snapshot with a history of its pods, by their label `app`, and of pods that are gone (`pod` names), by name. */
function withUse(
  snapshot: ClusterSnapshot,
  uses: Readonly<Record<string, Use>>,
  gone: Readonly<Record<string, Use>> = {},
): ClusterSnapshot {
  const live = snapshot.list('Pod').flatMap((pod) => {
    const use = uses[pod.metadata.labels?.['app'] ?? ''];
    const { namespace = '', name } = pod.metadata;
    return use === undefined || (pod.spec?.nodeName ?? '') === ''
      ? []
      : (pod.spec?.containers ?? [])
          .filter((container) => use.container === undefined || container.name === use.container)
          .map((container) => seriesOf(snapshot, namespace, name, container.name, use));
  });
  const earlier = Object.entries(gone).map(([name, use]) =>
    seriesOf(snapshot, 'shop', name, use.container ?? 'app', use),
  );
  return createSnapshot({
    ...snapshot,
    objects: snapshot.objects,
    usage: { sources: ['prometheus'], containers: [...live, ...earlier] },
  });
}

function seriesOf(
  { observedAt }: ClusterSnapshot,
  namespace: string,
  pod: string,
  container: string,
  use: Use,
): ContainerUsage {
  const count = (use.hours ?? 192) * 2 + 1;
  const times = Array.from({ length: count }, (_, i) => observedAt - (count - 1 - i) * STEP_MS);
  const values = (one: number | readonly number[], unit: number) => {
    const cycle = typeof one === 'number' ? [one] : one;
    return times.map((_, i) => (cycle[i % cycle.length] as number) * unit);
  };
  return {
    namespace,
    pod,
    container,
    cpu: { times, values: values(use.cpu, 1) },
    memory: { times, values: values(use.memory, MIB) },
  };
}

/** A planning of a cluster whose pods use so much. */
export function planningWith(
  source: SimulatedCluster | ClusterSnapshot,
  uses: Readonly<Record<string, Use>> = {},
  {
    policy = { version: 1 },
    gone = {},
  }: { readonly policy?: PolicyFile; readonly gone?: Readonly<Record<string, Use>> } = {},
): Planning {
  const snapshot = withUse('objects' in source ? source : snapshotOf(source, 'test'), uses, gone);
  return new Planning({
    snapshot,
    assessment: assess(snapshot, { version: 'test' }),
    policy: policyFrom(policy, 'test'),
  });
}
