/** Builders of raw Kubernetes objects for tests that look at whole scenes with every rule. */
import { RULES } from './catalogue.ts';
import type { Finding } from './finding.ts';
import { findAll } from './findings.ts';
import { examine } from './rule.suite.ts';

type Fields = Readonly<Record<string, unknown>>;

export const NOW = '2025-09-27T12:00:00Z';

/** The moment so many minutes before {@link NOW}; negative for later ones. */
export function ago(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

export const DAY = 24 * 60;
const OLD = ago(30 * DAY);

/** All findings of a scene, of every rule in the catalogue. */
export function findingsIn(objects: readonly unknown[], more: Omit<Parameters<typeof examine>[0], 'objects'> = {}) {
  return findAll(examine({ observedAt: NOW, ...more, objects }), RULES).findings;
}

/** `severity code name` of each. */
export function brief(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, code, resource }) => `${severity} ${code} ${resource.name}`);
}

export function object(apiVersion: string, kind: string, name: string, fields: Fields = {}): Fields {
  const { metadata = {}, ...rest } = fields as { metadata?: Fields };
  return { apiVersion, kind, metadata: { name, namespace: 'shop', creationTimestamp: OLD, ...metadata }, ...rest };
}

export function condition(type: string, status: 'True' | 'False' | 'Unknown', minutes = 60, more: Fields = {}): Fields {
  return { type, status, lastTransitionTime: ago(minutes), ...more };
}

export function ownedBy(kind: string, name: string): Fields {
  const apiVersion = kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  return { ownerReferences: [{ apiVersion, kind, name, uid: `uid-${name}`, controller: true }] };
}

/** A container's status. */
export const state = {
  running: (more: Fields = {}, startedMinutes = 600): Fields => ({
    name: 'app',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: ago(startedMinutes) } },
    ...more,
  }),
  waiting: (reason: string, message = '', more: Fields = {}): Fields => ({
    name: 'app',
    ready: false,
    restartCount: 0,
    state: { waiting: { reason, message } },
    ...more,
  }),
  ended: (exitCode: number, reason: string, minutes = 30, more: Fields = {}): Fields => ({
    name: 'app',
    ready: false,
    restartCount: 0,
    state: { terminated: { exitCode, reason, finishedAt: ago(minutes) } },
    ...more,
  }),
  last: (exitCode: number, reason: string, minutes = 3): Fields => ({
    lastState: { terminated: { exitCode, reason, finishedAt: ago(minutes) } },
  }),
};

interface PodParts {
  readonly owner?: Fields;
  readonly phase?: string;
  readonly age?: number;
  readonly ready?: boolean;
  readonly unreadyFor?: number;
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly metadata?: Fields;
  readonly containers?: readonly Fields[];
  readonly statuses?: readonly Fields[];
}

/** A pod of ReplicaSet `web-1` on node `n1`, running and ready unless said otherwise. */
export function pod(name: string, parts: PodParts = {}): Fields {
  const { owner = ownedBy('ReplicaSet', 'web-1'), phase = 'Running', age = 600, unreadyFor = 60, status = {} } = parts;
  const statuses = parts.statuses ?? [state.running()];
  const isReady = parts.ready ?? statuses.every((one) => one['ready'] === true);
  return object('v1', 'Pod', name, {
    metadata: { creationTimestamp: ago(age), labels: { app: 'web' }, ...owner, ...parts.metadata },
    spec: { nodeName: 'n1', containers: parts.containers ?? [{ name: 'app', image: 'web:1' }], ...parts.spec },
    status: {
      phase,
      startTime: ago(age),
      conditions: [
        condition('PodScheduled', 'True', age),
        condition('ContainersReady', isReady ? 'True' : 'False', unreadyFor),
        condition('Ready', isReady ? 'True' : 'False', unreadyFor),
      ],
      containerStatuses: statuses,
      ...status,
    },
  });
}

export function replicaSet(name: string, replicas: number, ready: number, deployment = 'web'): Fields {
  return object('apps/v1', 'ReplicaSet', name, {
    metadata: ownedBy('Deployment', deployment),
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE },
    status: { replicas, readyReplicas: ready, availableReplicas: ready },
  });
}

const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image: 'web:1' }] },
};

/** A complete rollout unless conditions say otherwise. */
export function deployment(replicas: number, available: number, more: { spec?: Fields; status?: Fields } = {}): Fields {
  return object('apps/v1', 'Deployment', 'web', {
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, ...more.spec },
    status: {
      replicas,
      updatedReplicas: replicas,
      readyReplicas: available,
      availableReplicas: available,
      conditions: [condition('Progressing', 'True', DAY, { reason: 'NewReplicaSetAvailable' })],
      ...more.status,
    },
  });
}

export function statefulSet(replicas: number, ready: number, more: { spec?: Fields; status?: Fields } = {}): Fields {
  return object('apps/v1', 'StatefulSet', 'db', {
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, ...more.spec },
    status: { replicas, readyReplicas: ready, availableReplicas: ready, updatedReplicas: replicas, ...more.status },
  });
}

export function daemonSet(desired: number, ready: number, more: { spec?: Fields; status?: Fields } = {}): Fields {
  return object('apps/v1', 'DaemonSet', 'agent', {
    spec: { selector: { matchLabels: { app: 'web' } }, template: TEMPLATE, ...more.spec },
    status: {
      desiredNumberScheduled: desired,
      currentNumberScheduled: desired,
      numberReady: ready,
      updatedNumberScheduled: desired,
      ...more.status,
    },
  });
}

export function job(name: string, spec: Fields, status: Fields, metadata: Fields = {}): Fields {
  return object('batch/v1', 'Job', name, { metadata, spec: { template: TEMPLATE, ...spec }, status });
}

/** A pod of a Job, which is never restarted in place. */
export function jobPod(name: string, owner: string, parts: PodParts = {}): Fields {
  return pod(name, { owner: ownedBy('Job', owner), ...parts, spec: { restartPolicy: 'Never', ...parts.spec } });
}

export function node(name = 'n1', conditions: readonly Fields[] = [condition('Ready', 'True', 30 * DAY)]): Fields {
  return object('v1', 'Node', name, {
    metadata: { namespace: undefined },
    status: { conditions, allocatable: { cpu: '4', memory: '16Gi', pods: '110' } },
  });
}

export function service(name: string, spec: Fields = {}, more: Fields = {}): Fields {
  return object('v1', 'Service', name, {
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
    status: { loadBalancer: {} },
    ...more,
  });
}

export function event(about: Fields, reason: string, message: string, minutes = 5, more: Fields = {}): Fields {
  const { apiVersion, kind, metadata } = about as { apiVersion: string; kind: string; metadata: Fields };
  return object('v1', 'Event', `${String(metadata['name'])}.${reason}`, {
    involvedObject: { apiVersion, kind, name: metadata['name'], namespace: metadata['namespace'] },
    type: 'Warning',
    reason,
    message,
    count: 3,
    firstTimestamp: ago(minutes),
    lastTimestamp: ago(minutes),
    ...more,
  });
}
