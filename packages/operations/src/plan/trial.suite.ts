/** For tests of kinds of action: a cluster in which something is wrong, what a kind proposes for it, and what becomes of that on a twin. */
import {
  createDirectWrites,
  GKE_STORAGE_CLASSES,
  newCloud,
  SimulatedCluster,
  snapshotOf,
  type ClusterSnapshot,
  type KubeObject,
} from '@aia/cluster';
import type { Assessment } from '@aia/contract';
import { assess } from '../assess.ts';
import { DEFAULT_POLICY } from '../policy/policy.ts';
import { RehearsalStage } from '../rehearse/rehearse.ts';
import type { ActionOutcome } from '../rehearse/trial.ts';
import { completeAction } from './complete-action.ts';
import { Planning } from './planning.ts';
import type { ActionKind, Remedy } from './remedy.ts';

type Fields = Readonly<Record<string, unknown>>;
type CloudOptions = Parameters<typeof newCloud>[0];

const MINUTE = 60_000;

/** Two pools in three zones; the first may grow. */
const POOLS: CloudOptions = {
  nodePools: [
    { name: 'general', initialNodes: 3, autoscaling: { minNodes: 3, maxNodes: 6 } },
    { name: 'highmem', machineType: 'n2-highmem-4', initialNodes: 1 },
  ],
};

/** A cluster with some namespaces and objects, five minutes old. */
export function clusterWith(objects: readonly unknown[], cloud: CloudOptions = POOLS): SimulatedCluster {
  const cluster = new SimulatedCluster({ seed: 'trial', cloud: newCloud(cloud) });
  cluster.clock.advance(MINUTE);
  put(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }, ...GKE_STORAGE_CLASSES]);
  cluster.clock.advance(1000);
  put(cluster, objects);
  cluster.clock.advance(5 * MINUTE);
  return cluster;
}

/** Makes objects; those that are there are changed to what is given. @throws TypeError where the API refuses one */
export function put(cluster: SimulatedCluster, objects: readonly unknown[]): void {
  const writes = createDirectWrites(cluster, 'test');
  for (const object of objects as readonly KubeObject[]) {
    const made = writes.create(object);
    if (made.kind === 'refused') throw new TypeError(`${object.kind} ${object.metadata.name}: ${made.message}`);
  }
}

/** Merges into the pod template of a Deployment of namespace shop, as a rollout, and waits until all of it shows. */
export function rollOut(
  cluster: SimulatedCluster,
  name: string,
  spec: Fields,
  kind = 'Deployment',
  minutes = 20,
): void {
  const target = { group: 'apps', kind, namespace: 'shop', name };
  const patch = { spec: { template: { spec } } };
  const outcome = createDirectWrites(cluster, 'test').patch(target, { type: 'strategic', patch });
  if (outcome.kind === 'refused') throw new TypeError(outcome.message);
  cluster.clock.advance(minutes * MINUTE);
}

/** A Deployment of namespace shop. `pod`: further fields of its pods' spec; `container`: of their only container. */
export function deployment(name: string, pod: Fields = {}, container: Fields = {}, spec: Fields = {}): Fields {
  const labels = { app: name };
  const requests = { cpu: '100m', memory: '128Mi' };
  const own = { name: 'app', image: `registry.example.com/${name}:1.0.0`, resources: { requests }, ...container };
  const template = { metadata: { labels }, spec: { ...pod, containers: [own] } };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' } },
    spec: { replicas: 2, selector: { matchLabels: labels }, template, ...spec },
  };
}

/** A snapshot with its planning. */
export function planningOf(cluster: SimulatedCluster | ClusterSnapshot): Planning {
  const snapshot = cluster instanceof SimulatedCluster ? snapshotOf(cluster, 'trial') : cluster;
  return new Planning({ snapshot, assessment: judge(snapshot), policy: DEFAULT_POLICY });
}

/** What a kind proposes, the best fit first. */
export function proposalsOf(kind: ActionKind, planning: Planning): readonly Remedy[] {
  return [...kind.propose(planning)].toSorted((a, b) => b.fit - a.fit);
}

/** What became of a remedy. */
export interface Trial {
  readonly outcomes: readonly ActionOutcome['outcome'][];
  /** Classes of root causes afterwards. */
  readonly causes: readonly string[];
}

/** Carries a remedy out on a twin of its snapshot. */
export function tried(kinds: readonly ActionKind[], remedy: Remedy, planning: Planning): Trial {
  const stage = new RehearsalStage(planning.snapshot, planning.assessment, judge);
  const outcomes = remedy.drafts.map((draft) => {
    const kind = kinds.find((one) => one.kind === draft.kind);
    if (kind === undefined) throw new TypeError(`no kind ${draft.kind}`);
    const { outcome } = stage.tryAction(completeAction(draft, kind, remedy.resolves, planning));
    return outcome;
  });
  stage.twin.cluster.clock.advance(10 * MINUTE);
  const causes = stage.observe().assessment.rootCauses.map((cause) => cause.class);
  stage.stop();
  return { outcomes, causes };
}

function judge(snapshot: ClusterSnapshot): Assessment {
  return assess(snapshot, { version: 'test' });
}
