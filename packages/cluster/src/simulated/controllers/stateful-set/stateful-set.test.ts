import { describe, expect, it } from 'vitest';
import type { Pod, StatefulSet } from '../../../model/kinds.ts';
import { forbidden } from '../../api/api-error.ts';
import { CONTROLLER_REVISIONS, PERSISTENT_VOLUME_CLAIMS, PODS, STATEFUL_SETS } from '../../api/built-in-types.ts';
import type { ControllerRevision } from '../revision-history.ts';
import { workloadCluster, type WorkloadClusterOptions } from '../workload-cluster.suite.ts';
import { statefulSetController } from './stateful-set-controller.ts';

type Spec = NonNullable<StatefulSet['spec']>;

const image = (name: string): Pick<Spec, 'template'> => ({
  template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: name }] } },
});

function cluster(spec: Partial<Spec> = {}, options?: WorkloadClusterOptions) {
  const made = workloadCluster([statefulSetController], options);
  const { api, clock, store } = made;
  api.create(STATEFUL_SETS, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db', namespace: 'shop' },
    spec: { replicas: 3, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, ...image('db:1'), ...spec },
  });
  const names = () =>
    made
      .pods()
      .map(({ metadata }) => metadata.name)
      .sort();
  return {
    ...made,
    names,
    settle: (ms = 60_000) => clock.advance(ms),
    db: () => api.get(STATEFUL_SETS, 'shop', 'db'),
    change: (more: Partial<Spec>) =>
      api.change(STATEFUL_SETS, 'shop', 'db', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...more } })),
    images: () =>
      Object.fromEntries(
        made
          .pods()
          .map((pod) => [pod.metadata.name, pod.spec?.containers[0]?.image])
          .sort(),
      ) as Record<string, string>,
    revisions: () => [...store.list(CONTROLLER_REVISIONS)] as ControllerRevision[],
    claims: () => [...store.list(PERSISTENT_VOLUME_CLAIMS)],
  };
}

const neverReady = (wanted: string) => ({
  kubelet: { readyAfterMs: ({ spec }: Pod) => (spec?.containers[0]?.image === wanted ? undefined : 1000) },
});
const data = {
  volumeClaimTemplates: [
    { metadata: { name: 'data', labels: { tier: 'gold' } }, spec: { accessModes: ['ReadWriteOnce'] } },
  ],
};

describe('statefulset-controller', () => {
  it('makes pods in order, each once the one before it is ready', () => {
    const { clock, names, settle, db, told, revisions } = cluster();
    clock.advance(900);
    expect(names()).toEqual(['db-0']);
    clock.advance(1000);
    expect(names()).toEqual(['db-0', 'db-1']);
    settle();
    const revision = revisions()[0]?.metadata.name as string;
    expect(db().status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: revision,
      updateRevision: revision,
      collisionCount: 0,
    });
    expect(told()).toEqual(
      [0, 1, 2].map((ordinal) => `Normal SuccessfulCreate create Pod db-${ordinal} in StatefulSet db successful`),
    );
  });

  it('gives pods their names, labels, host names and version', () => {
    const { settle, pods, revisions } = cluster({ ordinals: { start: 5 }, replicas: 1 });
    settle();
    const revision = revisions()[0]?.metadata.name;
    expect(pods()[0]).toMatchObject({
      metadata: {
        name: 'db-5',
        generateName: 'db-',
        labels: {
          app: 'db',
          'statefulset.kubernetes.io/pod-name': 'db-5',
          'apps.kubernetes.io/pod-index': '5',
          'controller-revision-hash': revision,
        },
        ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true, blockOwnerDeletion: true }],
      },
      spec: { hostname: 'db-5', subdomain: 'db' },
    });
  });

  it('makes all pods at once when told to', () => {
    const { clock, names } = cluster({ podManagementPolicy: 'Parallel' });
    clock.advance(100);
    expect(names()).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('scales down from the highest ordinal, one after the other', () => {
    const { clock, names, settle, change, told } = cluster({}, { kubelet: { stopsAfterMs: () => 5000 } });
    settle();
    change({ replicas: 1 });
    clock.advance(5050);
    expect(names()).toEqual(['db-0', 'db-1']);
    settle();
    expect(names()).toEqual(['db-0']);
    expect(told().slice(-2)).toEqual(
      [2, 1].map((ordinal) => `Normal SuccessfulDelete delete Pod db-${ordinal} in StatefulSet db successful`),
    );
  });

  it('makes a claim of each template before the pod, and keeps it', () => {
    const { settle, claims, change, pods, told } = cluster({ ...data, replicas: 1 });
    settle();
    expect(claims()[0]?.metadata).toMatchObject({ name: 'data-db-0', labels: { app: 'db', tier: 'gold' } });
    expect(pods()[0]?.spec?.volumes).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } }]);
    expect(told()[0]).toBe('Normal SuccessfulCreate create Claim data-db-0 Pod db-0 in StatefulSet db success');
    change({ replicas: 0 });
    settle();
    expect(claims()).toHaveLength(1);
    expect(claims()[0]?.metadata.ownerReferences).toBeUndefined();
  });

  it('lets claims go with the set or with pods that are scaled away', () => {
    const policy = { whenDeleted: 'Delete', whenScaled: 'Delete' };
    const { api, clock, settle, claims, change } = cluster(
      { ...data, replicas: 2, persistentVolumeClaimRetentionPolicy: policy },
      { kubelet: { stopsAfterMs: () => 5000 } },
    );
    settle();
    const owners = () =>
      claims().map(({ metadata }) => metadata.ownerReferences?.map(({ kind, name }) => `${kind}/${name}`));
    expect(owners()).toEqual([['StatefulSet/db'], ['StatefulSet/db']]);
    change({ replicas: 1 });
    clock.advance(1000);
    expect(owners()).toEqual([['StatefulSet/db'], ['Pod/db-1']]);
    expect(claims()[1]?.metadata.ownerReferences?.[0]?.uid).toBe(api.get(PODS, 'shop', 'db-1').metadata.uid);
  });

  it('updates from the highest ordinal and moves the current version at the end', () => {
    const { clock, settle, change, images, db, revisions } = cluster();
    settle();
    change(image('db:2'));
    clock.advance(2500);
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:2' });
    const [first, second] = revisions().map(({ metadata }) => metadata.name);
    expect(db().status).toMatchObject({ currentRevision: first, updateRevision: second, updatedReplicas: 1 });
    settle();
    expect(images()).toEqual({ 'db-0': 'db:2', 'db-1': 'db:2', 'db-2': 'db:2' });
    expect(db().status).toMatchObject({ currentRevision: second, updateRevision: second, currentReplicas: 3 });
  });

  it('holds back pods below the partition, also when they are made anew', () => {
    const { api, settle, change, images } = cluster();
    settle();
    change({ ...image('db:2'), updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    settle();
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:2' });
    api.delete(PODS, 'shop', 'db-0');
    settle();
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:2' });
  });

  it('updates several pods at once where several may be unavailable', () => {
    const { clock, settle, change, pods } = cluster({
      replicas: 5,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '40%' } },
    });
    settle();
    change(image('db:2'));
    clock.advance(500);
    expect(pods().filter(({ metadata }) => metadata.deletionTimestamp !== undefined)).toHaveLength(2);
  });

  it('waits for somebody to delete pods where it is told to', () => {
    const { api, settle, change, images } = cluster({ updateStrategy: { type: 'OnDelete' } });
    settle();
    change(image('db:2'));
    settle();
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:1' });
    api.delete(PODS, 'shop', 'db-1');
    settle();
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:2', 'db-2': 'db:1' });
  });

  it('stays stuck on a broken version after a rollback until the pod is deleted', () => {
    const { api, settle, change, images, revisions } = cluster({}, neverReady('db:broken'));
    settle();
    change(image('db:broken'));
    settle();
    change(image('db:1'));
    settle();
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:broken' });
    expect(revisions().map(({ revision }) => revision)).toEqual([3, 2]);
    api.delete(PODS, 'shop', 'db-2');
    settle();
    expect(images()).toEqual({ 'db-0': 'db:1', 'db-1': 'db:1', 'db-2': 'db:1' });
  });

  it('tells why a pod cannot be made', () => {
    const validate = ({ type, operation, name }: { type: { kind: string }; operation: string; name: string }) => {
      if (type.kind === 'Pod' && operation === 'CREATE') throw forbidden(PODS, name, 'exceeded quota: pods');
    };
    const { settle, told } = cluster({}, { admission: [{ name: 'refusing', validate }] });
    settle();
    expect(told()[0]).toBe(
      'Warning FailedCreate create Pod db-0 in StatefulSet db failed error: pods "db-0" is forbidden: exceeded quota: pods',
    );
  });

  it('waits for availability where pods must be ready for a while', () => {
    const { clock, names } = cluster({ minReadySeconds: 10 });
    clock.advance(10_500);
    expect(names()).toEqual(['db-0']);
    clock.advance(1000);
    expect(names()).toEqual(['db-0', 'db-1']);
  });

  it('keeps as many old versions as told', () => {
    const { settle, change, revisions } = cluster({ replicas: 1, revisionHistoryLimit: 1 });
    settle();
    for (const version of [2, 3, 4]) {
      change(image(`db:${version}`));
      settle();
    }
    expect(revisions().map(({ revision }) => revision)).toEqual([3, 4]);
  });
});
