import { describe, expect, it } from 'vitest';
import type { KindMap } from '../../model/kinds.ts';
import { workloadCluster } from '../controllers/workload-cluster.suite.ts';
import { CONFIG_MAPS, DEPLOYMENTS, REPLICATION_CONTROLLERS } from './built-in-types.ts';
import { listSelector, readScale, writeScale } from './scale.ts';

const metadata = { name: 'web', namespace: 'shop' };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };

function cluster() {
  const made = workloadCluster([]);
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'NotIn', values: ['b', 'a'] },
      { key: 'abc', operator: 'Exists' },
    ],
  };
  const spec = { replicas: 3, selector, template };
  made.api.create(DEPLOYMENTS, { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec });
  return made;
}

describe('scale', () => {
  it('shows wanted and running pods, and the selector as text', () => {
    const { api } = cluster();
    api.changeStatus(DEPLOYMENTS, 'shop', 'web', (one) => ({ ...one, status: { replicas: 2 } }));
    const { uid, resourceVersion, creationTimestamp } = api.get(DEPLOYMENTS, 'shop', 'web').metadata;
    expect(readScale(api, DEPLOYMENTS, 'shop', 'web')).toEqual({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { ...metadata, uid, resourceVersion, creationTimestamp },
      spec: { replicas: 3 },
      status: { replicas: 2, selector: 'abc,app=web,tier notin (a,b)' },
    });
  });

  it('changes the number, and the generation with it', () => {
    const { api } = cluster();
    const scaled = writeScale(api, DEPLOYMENTS, 'shop', 'web', (scale) => ({ ...scale, spec: { replicas: 0 } }));
    expect(scaled.spec).toEqual({});
    expect(api.get(DEPLOYMENTS, 'shop', 'web')).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 0 } });
    writeScale(api, DEPLOYMENTS, 'shop', 'web', (scale) => scale);
    expect(api.get(DEPLOYMENTS, 'shop', 'web').metadata.generation).toBe(2);
  });

  it('refuses negative numbers, other objects and old versions', () => {
    const { api } = cluster();
    const write = (change: Parameters<typeof writeScale>[4]) => () =>
      writeScale(api, DEPLOYMENTS, 'shop', 'web', change);
    expect(write((scale) => ({ ...scale, spec: { replicas: -1 } }))).toThrow(
      'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(write((scale) => ({ ...scale, metadata: { ...scale.metadata, uid: 'other' } }))).toThrow(
      'Operation cannot be fulfilled on deployments.apps "web": Precondition failed: UID in precondition: other',
    );
    expect(write((scale) => ({ ...scale, metadata: { ...scale.metadata, resourceVersion: '1' } }))).toThrow(
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it('is not there for other kinds', () => {
    const { api } = cluster();
    expect(() => readScale(api, CONFIG_MAPS, 'shop', 'web')).toThrow('configmaps "web" not found');
  });

  it('reads the plain labels of a ReplicationController', () => {
    const { api } = cluster();
    const spec = { replicas: 1, selector: { b: '2', a: '1' }, template };
    const controller = { apiVersion: 'v1', kind: 'ReplicationController', metadata, spec };
    api.create(REPLICATION_CONTROLLERS, controller as KindMap['ReplicationController']);
    expect(readScale(api, REPLICATION_CONTROLLERS, 'shop', 'web').status.selector).toBe('a=1,b=2');
    expect(listSelector({})).toBe('');
  });
});
