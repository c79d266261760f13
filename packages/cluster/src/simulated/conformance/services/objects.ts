/** Objects of the cases about services, without what the API server fills in. */
import type { Json } from '../conformance-case.ts';

export const NAMESPACE = 'shop';
/** Runs and does nothing. */
export const IMAGE = 'registry.k8s.io/pause:3.10';
export const LABELS = { app: 'web' };
const PORTS = [{ port: 80 }];

export function service(spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: NAMESPACE, ...metadata },
    spec: { selector: LABELS, ports: PORTS, ...spec },
  };
}

export function pod(name: string, spec: Json = {}, metadata: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: LABELS, ...metadata },
    spec: { containers: [{ name: 'app', image: IMAGE }], ...spec },
  };
}

export function deployment(replicas: number, container: Json = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: NAMESPACE },
    spec: {
      replicas,
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers: [{ name: 'app', image: IMAGE, ...container }] } },
    },
  };
}

export function budget(spec: Json, name = 'web'): Json {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: NAMESPACE },
    spec: { selector: { matchLabels: LABELS }, ...spec },
  };
}

export function claim(name: string, spec: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '10Gi' } },
      storageClassName: '',
      ...spec,
    },
  };
}

export function volume(name: string, spec: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
      hostPath: { path: `/tmp/${name}` },
      persistentVolumeReclaimPolicy: 'Retain',
      ...spec,
    },
  };
}
