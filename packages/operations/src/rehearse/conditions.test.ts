import {
  groupOf,
  refKey,
  refOf,
  type Event,
  type KubeObject,
  type Node,
  type Quota,
  type ResourceRef,
} from '@aia/cluster';
import type { Condition } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import type { ClusterView } from './cluster-view.ts';
import { judgeCondition, judgeConditions } from './conditions.ts';

type Fields = Readonly<Record<string, unknown>>;

function object(kind: string, name: string, fields: Fields = {}, meta: Fields = {}): KubeObject {
  const apiVersion = GROUPS[kind] ?? 'v1';
  const metadata = { name, namespace: kind === 'Node' ? '' : 'shop', uid: `${kind}-${name}`, ...meta };
  return { apiVersion, kind, metadata, ...fields } as KubeObject;
}

const GROUPS: Readonly<Record<string, string>> = {
  ...{ Deployment: 'apps/v1', StatefulSet: 'apps/v1', DaemonSet: 'apps/v1', ReplicaSet: 'apps/v1' },
  ...{ Job: 'batch/v1', CronJob: 'batch/v1', EndpointSlice: 'discovery.k8s.io/v1' },
};

function owned(by: KubeObject, one: KubeObject): KubeObject {
  const { kind, apiVersion, metadata } = by;
  const owner = { kind, apiVersion, name: metadata.name, uid: metadata.uid ?? '', controller: true };
  return { ...one, metadata: { ...one.metadata, ownerReferences: [owner] } };
}

function view(objects: readonly KubeObject[], quotas: readonly Quota[] = []): ClusterView {
  const byKey = new Map(objects.map((one) => [refKey(refOf(one)), one]));
  return {
    read: (ref) => byKey.get(refKey(ref)),
    ownedBy: (owner, { group, kind }) =>
      objects.filter(
        (one) =>
          one.kind === kind &&
          groupOf(one.apiVersion) === group &&
          one.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) === true,
      ),
    slicesOf: (namespace, service) =>
      objects.filter(
        ({ kind, metadata }) =>
          kind === 'EndpointSlice' &&
          metadata.namespace === namespace &&
          metadata.labels?.['kubernetes.io/service-name'] === service,
      ) as unknown as ReturnType<ClusterView['slicesOf']>,
    eventsOf: ({ metadata: { uid } }) =>
      objects.filter((one) => one.kind === 'Event' && (one as Event).involvedObject?.uid === uid) as readonly Event[],
    nodesOf: (pool) =>
      objects.filter(({ kind, metadata }) => kind === 'Node' && metadata.labels?.['pool'] === pool) as readonly Node[],
    quota: (metric, region) => quotas.find((one) => one.metric === metric && one.region === region),
  };
}

const refTo = (one: KubeObject): ResourceRef => refOf(one);

function stateOf(condition: Condition, objects: readonly KubeObject[], quotas?: readonly Quota[]): string {
  return judgeCondition(condition, view(objects, quotas)).state;
}

function availability(one: KubeObject, others: readonly KubeObject[] = []): string {
  return stateOf({ kind: 'available', target: refTo(one) }, [one, ...others]);
}

describe('available', () => {
  const rolled = { replicas: 2, updatedReplicas: 2, availableReplicas: 2, observedGeneration: 3 };
  const deployment = (status: Fields, spec: Fields = { replicas: 2 }) =>
    object('Deployment', 'web', { spec, status }, { generation: 3 });

  it.each([
    ['all are new and available', rolled, 'holds'],
    ['the last change was not seen', { ...rolled, observedGeneration: 2 }, 'fails'],
    ['one is old', { ...rolled, replicas: 3 }, 'fails'],
    ['one is missing', { ...rolled, updatedReplicas: 1 }, 'fails'],
    ['one is not available', { ...rolled, availableReplicas: 1 }, 'fails'],
    ['nothing is said', {}, 'fails'],
  ])('Deployments: %s', (_, status, state) => {
    expect(availability(deployment(status))).toBe(state);
  });

  it('Deployments that want nothing have all of it', () => {
    expect(availability(deployment({ observedGeneration: 3 }, { replicas: 0 }))).toBe('holds');
  });

  it('want one replica where they say nothing', () => {
    expect(availability(deployment({ ...rolled, availableReplicas: 0 }, {}))).toBe('fails');
  });

  it.each([
    ['of one revision', {}, { currentRevision: 'a', updateRevision: 'a', availableReplicas: 3 }, 'holds'],
    [
      'half rolled out',
      {},
      { currentRevision: 'a', updateRevision: 'b', availableReplicas: 3, updatedReplicas: 1 },
      'fails',
    ],
    [
      'with a partition',
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
      { currentRevision: 'a', updateRevision: 'b', availableReplicas: 3, updatedReplicas: 1 },
      'holds',
    ],
    [
      'updated on deletion',
      { updateStrategy: { type: 'OnDelete' } },
      { currentRevision: 'a', updateRevision: 'b', availableReplicas: 3 },
      'holds',
    ],
    ['of old servers, which tell readiness alone', {}, { readyReplicas: 3 }, 'holds'],
    ['with one missing', {}, { readyReplicas: 2, availableReplicas: 2 }, 'fails'],
  ])('StatefulSets %s', (_, spec, status, state) => {
    expect(availability(object('StatefulSet', 'db', { spec: { replicas: 3, ...spec }, status }))).toBe(state);
  });

  it.each([
    [{ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }, 'holds'],
    [{ desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 }, 'fails'],
    [{ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }, 'fails'],
    [{ desiredNumberScheduled: 0 }, 'holds'],
  ])('DaemonSets with %j', (status, state) => {
    expect(availability(object('DaemonSet', 'agent', { spec: {}, status }))).toBe(state);
  });

  it('ReplicaSets by their available replicas', () => {
    const set = (availableReplicas: number) =>
      object('ReplicaSet', 'web-1', { spec: { replicas: 2 }, status: { availableReplicas } });
    expect([availability(set(2)), availability(set(1))]).toEqual(['holds', 'fails']);
  });

  const job = (type: string, name = 'load', more: Fields = {}) =>
    object('Job', name, {
      spec: { template: { spec: { containers: [] } }, ...more },
      status: { conditions: [{ type, status: 'True' }] },
    });

  it('Jobs once they have completed; a failed one never does', () => {
    expect(availability(job('Complete'))).toBe('holds');
    expect(availability(job('Suspended'))).toBe('fails');
    const failed = job('Failed');
    expect(judgeCondition({ kind: 'available', target: refTo(failed) }, view([failed]))).toMatchObject({
      isFinal: true,
    });
  });

  it('CronJobs by the newest run of their present template', () => {
    const template = { template: { spec: { containers: [{ name: 'load', image: 'load:2' }] } } };
    const cron = object('CronJob', 'nightly', { spec: { jobTemplate: { spec: template } } });
    const run = (type: string, name: string, at: string, more: Fields = template) => {
      const one = owned(cron, job(type, name, more));
      return { ...one, metadata: { ...one.metadata, creationTimestamp: at } };
    };
    const old = { template: { spec: { containers: [{ name: 'load', image: 'load:1' }] } } };
    expect(availability(cron)).toBe('unknown');
    expect(availability(cron, [run('Failed', 'a', '2025-01-01T00:00:00Z', old)])).toBe('unknown');
    const [first, second] = [run('Failed', 'a', '2025-01-01T00:00:00Z'), run('Complete', 'b', '2025-01-02T00:00:00Z')];
    expect(availability(cron, [first, second])).toBe('holds');
    expect(availability(cron, [first])).toBe('fails');
  });

  it('Pods that are ready or completed', () => {
    const pod = (status: Fields) => object('Pod', 'web', { status });
    expect(availability(pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }))).toBe('holds');
    expect(availability(pod({ phase: 'Succeeded' }))).toBe('holds');
    expect(availability(pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }))).toBe('fails');
  });

  it('others by what they say, else nobody knows', () => {
    expect(availability(object('Widget', 'w', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }))).toBe(
      'fails',
    );
    expect(availability(object('Widget', 'w'))).toBe('unknown');
  });

  it('fails for what is not there', () => {
    expect(stateOf({ kind: 'available', target: refTo(object('Deployment', 'web')) }, [])).toBe('fails');
  });
});

describe('scheduled', () => {
  const deployment = object('Deployment', 'web', { spec: { replicas: 2 } });
  const set = owned(deployment, object('ReplicaSet', 'web-1', { spec: { replicas: 2 } }));
  const pod = (name: string, nodeName: string, meta: Fields = {}) =>
    owned(set, object('Pod', name, { spec: { nodeName }, status: { phase: 'Pending' } }, meta));
  const state = (...pods: readonly KubeObject[]) =>
    stateOf({ kind: 'scheduled', target: refTo(deployment) }, [deployment, set, ...pods]);

  it('holds where every pod is on a node', () => {
    expect(state(pod('a', 'n1'), pod('b', 'n2'))).toBe('holds');
    expect(state(pod('a', 'n1'), pod('b', ''))).toBe('fails');
  });

  it('fails where there is no pod although some are wanted, and leaves out those that go', () => {
    expect(state()).toBe('fails');
    expect(state(pod('a', 'n1'), pod('b', '', { deletionTimestamp: '2025-01-01T00:00:00Z' }))).toBe('holds');
  });
});

describe('services', () => {
  const service = object('Service', 'web', { spec: { type: 'LoadBalancer' } });
  const slice = (conditions: Fields, name = 'web') =>
    object(
      'EndpointSlice',
      `${name}-1`,
      { endpoints: [{ conditions }] },
      { labels: { 'kubernetes.io/service-name': name } },
    );
  const endpoints = (...others: readonly KubeObject[]) =>
    stateOf({ kind: 'endpoints', target: refTo(service) }, [service, ...others]);

  it('have endpoints that are ready, which those are that do not say', () => {
    expect([endpoints(slice({ ready: true })), endpoints(slice({})), endpoints(slice({ ready: false }))]).toEqual([
      ...['holds', 'holds', 'fails'],
    ]);
    expect([endpoints(), endpoints(slice({ ready: true }, 'other'))]).toEqual(['fails', 'fails']);
  });

  it.each([
    [{ loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } }, 'holds', 'fails'],
    [{ loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } }, 'holds', 'fails'],
    [{ loadBalancer: { ingress: [] } }, 'fails', 'holds'],
    [{ addresses: [{ value: '203.0.113.8' }] }, 'holds', 'fails'],
    [{}, 'fails', 'holds'],
  ])('with status %j: address %s, no-address %s', (status, address, noAddress) => {
    const one = { ...service, status };
    expect(stateOf({ kind: 'address', target: refTo(one) }, [one])).toBe(address);
    expect(stateOf({ kind: 'no-address', target: refTo(one) }, [one])).toBe(noAddress);
  });

  it('that are gone hold no address', () => {
    expect(stateOf({ kind: 'no-address', target: refTo(service) }, [])).toBe('holds');
    expect(stateOf({ kind: 'address', target: refTo(service) }, [])).toBe('fails');
  });
});

describe('fields', () => {
  const web = object('Deployment', 'web', {
    spec: {
      replicas: 2,
      template: { spec: { containers: [{ name: 'web', resources: { requests: { cpu: '500m', memory: '1Gi' } } }] } },
    },
  });
  const field = (path: string, value?: unknown) =>
    stateOf({ kind: 'field', target: refTo(web), path, ...(value !== undefined && { value }) }, [web]);

  it.each([
    ['spec.replicas', 2, 'holds'],
    ['spec.replicas', '2', 'fails'],
    ['spec.template.spec.containers[0].resources.requests.cpu', '0.5', 'holds'],
    ['spec.template.spec.containers[name=web].resources', { requests: { memory: '1024Mi', cpu: '500m' } }, 'holds'],
    ['spec.template.spec.containers[name=web].resources', { requests: { cpu: '500m' } }, 'fails'],
    ['spec.template.spec.containers[0].name', 'db', 'fails'],
    ['spec.paused', undefined, 'holds'],
    ['spec.replicas', undefined, 'fails'],
  ])('%s is %j: %s', (path, value, state) => {
    expect(field(path, value)).toBe(state);
  });
});

describe('around workloads', () => {
  it('claims are bound', () => {
    const claim = (phase: string) => object('PersistentVolumeClaim', 'data', { status: { phase } });
    const state = (phase: string) => stateOf({ kind: 'bound', target: refTo(claim(phase)) }, [claim(phase)]);
    expect([state('Bound'), state('Pending'), state('Lost')]).toEqual(['holds', 'fails', 'fails']);
  });

  it('status conditions are as stated', () => {
    const issuer = object('Issuer', 'ca', { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
    const state = (type: string, status: string) =>
      stateOf({ kind: 'condition', target: refTo(issuer), type, status }, [issuer]);
    expect([state('Ready', 'True'), state('Ready', 'False'), state('Synced', 'True')]).toEqual([
      'holds',
      'fails',
      'fails',
    ]);
  });

  it('pods are refused by what the last refusal names, while their controller says that they are', () => {
    const refusal = 'Internal error occurred: failed calling webhook "guard.example.com": connection refused';
    const state = (status: string, by: string, ...later: readonly string[]) => {
      const conditions = [{ type: 'ReplicaFailure', status, reason: 'FailedCreate', message: refusal }];
      const web = object('Deployment', 'web', { status: { conditions } });
      const set = owned(web, object('ReplicaSet', 'web-1', {}, { uid: 'set' }));
      const events = [refusal, ...later].map((message, i) =>
        object('Event', `web-1.${i}`, {
          ...{ reason: 'FailedCreate', message, involvedObject: { uid: 'set' } },
          lastTimestamp: `2026-01-01T00:0${i}:00Z`,
        }),
      );
      return stateOf({ kind: 'not-refused', target: refTo(web), by }, [web, set, ...events]);
    };
    expect(state('True', 'guard.example.com')).toBe('fails');
    expect(state('True', 'other.example.com')).toBe('holds');
    expect(state('False', 'guard.example.com')).toBe('holds');
    // The condition of the Deployment keeps the words of the first refusal.
    expect(state('True', 'guard.example.com', 'exceeded quota: team')).toBe('holds');
  });

  it('objects are there or not', () => {
    const config = object('ConfigMap', 'web');
    expect(stateOf({ kind: 'exists', target: refTo(config) }, [config])).toBe('holds');
    expect(stateOf({ kind: 'absent', target: refTo(config) }, [config])).toBe('fails');
    expect(stateOf({ kind: 'exists', target: refTo(config) }, [])).toBe('fails');
    expect(stateOf({ kind: 'absent', target: refTo(config) }, [])).toBe('holds');
  });

  it('quotas have room, and are used so far; those that were not read tell nothing', () => {
    const quotas = [{ metric: 'CPUS', region: 'europe-west1', limit: 24, usage: 18 }];
    const room = (amount: number, region = 'europe-west1') =>
      stateOf({ kind: 'quota-room', metric: 'CPUS', region, amount }, [], quotas);
    const below = (share: number) =>
      stateOf({ kind: 'quota-below', metric: 'CPUS', region: 'europe-west1', share }, [], quotas);
    expect([room(6), room(7), room(1, 'global')]).toEqual(['holds', 'fails', 'unknown']);
    expect([below(0.75), below(0.7)]).toEqual(['holds', 'fails']);
  });

  it('pools count their ready nodes', () => {
    const node = (name: string, status: string) =>
      object('Node', name, { status: { conditions: [{ type: 'Ready', status }] } }, { labels: { pool: 'web' } });
    const nodes = [node('a', 'True'), node('b', 'True'), node('c', 'Unknown')];
    const state = (atLeast: number, atMost?: number) =>
      stateOf({ kind: 'pool-size', pool: 'web', atLeast, ...(atMost !== undefined && { atMost }) }, nodes);
    expect([state(2), state(3), state(0, 1), state(2, 2)]).toEqual(['holds', 'fails', 'fails', 'holds']);
  });
});

describe('several conditions', () => {
  const config = object('ConfigMap', 'web');
  const there: Condition = { kind: 'exists', target: refTo(config) };
  const told: Condition = { kind: 'told', statement: 'the record is moved' };

  it('fail with the first that fails, and are not sure where a person has to say', () => {
    expect(judgeConditions([there], view([config])).state).toBe('holds');
    expect(judgeConditions([there, told], view([config])).state).toBe('unknown');
    expect(judgeConditions([told, there], view([]))).toEqual({
      state: 'fails',
      why: 'ConfigMap shop/web is not there',
    });
    expect(judgeConditions([], view([])).state).toBe('holds');
  });
});
