/** Clusters that tests of network actions plan for: made sound, then changed, then observed. */
import {
  createDirectWrites,
  newCloud,
  SimulatedCluster,
  snapshotOf,
  type ClusterSnapshot,
  type KubeObject,
  type NewCloudOptions,
  type Patch,
  type ResourceRef,
} from '@aia/cluster';
import type { Action, Plan, Strategy } from '@aia/contract';
import { assess } from '../../assess.ts';
import { DEFAULT_POLICY, type Policy } from '../../policy/policy.ts';
import { strategise } from '../../strategy.ts';
import { Planning } from '../planning.ts';
import type { ActionKind, Remedy } from '../remedy.ts';

type Fields = Readonly<Record<string, unknown>>;

const MINUTE = 60_000;

/** A cluster on a cloud with these objects, which has run for an hour. */
export function sceneOf(objects: readonly Fields[], cloud: NewCloudOptions = {}) {
  const nodePools = [{ name: 'default-pool', initialNodes: 3, autoscaling: undefined }];
  const cluster = new SimulatedCluster({ cloud: newCloud({ region: 'us-central1', nodePools, ...cloud }) });
  const writes = createDirectWrites(cluster, 'test');
  const done = (outcome: ReturnType<typeof writes.create>): void => {
    if (outcome.kind === 'refused') throw new TypeError(outcome.message);
  };
  const wait = (minutes: number): void => cluster.clock.advance(minutes * MINUTE);
  wait(2);
  for (const object of objects) done(writes.create(object as unknown as KubeObject));
  wait(60);
  return {
    cluster,
    wait,
    create: (object: Fields): void => done(writes.create(object as unknown as KubeObject)),
    patch: (target: ResourceRef, patch: Fields): void =>
      done(writes.patch(target, { type: 'merge', patch } satisfies Patch)),
    remove: (target: ResourceRef): void => done(writes.remove(target)),
    read: (target: ResourceRef) => writes.read(target) as (KubeObject & Fields) | undefined,
    observe: (): ClusterSnapshot => snapshotOf(cluster, 'test'),
  };
}

/** What a kind proposes for a cluster. */
export function proposedFor(snapshot: ClusterSnapshot, kind: ActionKind, policy: Policy = DEFAULT_POLICY) {
  const assessment = assess(snapshot, { version: 'test' });
  const planning = new Planning({ snapshot, assessment, policy });
  return { assessment, planning, remedies: [...kind.propose(planning)] as readonly Remedy[] };
}

/** The strategy for a cluster, with the actions of its plan and those that held on the twin. */
export function strategyFor(snapshot: ClusterSnapshot, policy: Policy = DEFAULT_POLICY) {
  const strategy = strategise(snapshot, { version: 'test', policy });
  return { strategy, actions: actionsOf(strategy.plan), held: heldIn(strategy) };
}

export function actionsOf({ phases }: Plan): readonly Action[] {
  return phases.flatMap(({ actions }) => actions);
}

function heldIn({ rehearsal }: Strategy): readonly string[] {
  return (rehearsal?.actions ?? []).filter(({ outcome }) => outcome === 'held').map(({ id }) => id);
}

export function refOfService(name: string, namespace = 'shop'): ResourceRef {
  return { group: '', kind: 'Service', namespace, name };
}

export function namespaceOf(name: string): Fields {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** A Deployment whose pods carry `app=name` and what is said beside that. */
export function deploymentOf(
  name: string,
  {
    namespace = 'shop',
    replicas = 2,
    labels = {},
    ports = [{ name: 'http', containerPort: 8080 }],
    env = [],
  }: {
    readonly namespace?: string;
    readonly replicas?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ports?: readonly Fields[];
    readonly env?: readonly Fields[];
  } = {},
): Fields {
  const resources = { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } };
  const container = { name, image: `registry.example.com/${name}:1.0.0`, ports, env, resources };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...labels } }, spec: { containers: [container] } },
    },
  };
}

export function serviceOf(
  name: string,
  spec: Fields = {},
  { namespace = 'shop', annotations = {} }: { readonly namespace?: string; readonly annotations?: Fields } = {},
): Fields {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace, annotations } },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec },
  };
}

export function ingressOf(name: string, host: string, backend: Fields): Fields {
  const paths = [{ path: '/', pathType: 'Prefix', backend: { service: backend } }];
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop' } },
    spec: { rules: [{ host, http: { paths } }] },
  };
}
