import { describe, expect, it } from 'vitest';
import type { Deployment, ReplicaSet } from '../../../model/kinds.ts';
import { forbidden } from '../../api/api-error.ts';
import { DEPLOYMENTS, PODS, REPLICA_SETS } from '../../api/built-in-types.ts';
import { replicaSetController } from '../replica-set/replica-set-controller.ts';
import { workloadCluster, type WorkloadClusterOptions } from '../workload-cluster.suite.ts';
import { deploymentController } from './deployment-controller.ts';

type Spec = NonNullable<Deployment['spec']>;

function deployment(spec: Partial<Spec> = {}, image = 'web:1'): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image }] },
      },
      ...spec,
    },
  };
}

function cluster(options?: WorkloadClusterOptions) {
  const made = workloadCluster([deploymentController, replicaSetController], options);
  const { api, clock, store } = made;
  return {
    ...made,
    apply(spec: Partial<Spec> = {}) {
      if (store.get(DEPLOYMENTS, 'shop', 'web') === undefined) api.create(DEPLOYMENTS, deployment(spec));
      else api.change(DEPLOYMENTS, 'shop', 'web', (one) => ({ ...one, spec: { ...(one.spec as Spec), ...spec } }));
    },
    image: (image: string) => ({ template: deployment({}, image).spec?.template as Spec['template'] }),
    settle: (ms = 60_000) => clock.advance(ms),
    web: () => api.get(DEPLOYMENTS, 'shop', 'web'),
    sets: () => [...store.list(REPLICA_SETS, 'shop')],
    set: (image: string) =>
      [...store.list(REPLICA_SETS, 'shop')].find(
        ({ spec }) => spec?.template?.spec?.containers[0]?.image === image,
      ) as ReplicaSet,
  };
}

describe('deployment-controller', () => {
  it('makes a set with the hash of the template, and tells how the rollout went', () => {
    const { apply, settle, web, sets, told, pods } = cluster();
    apply();
    settle();
    const [set] = sets();
    const hash = set?.metadata.labels?.['pod-template-hash'] as string;
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: 'web' },
        annotations: {
          'deployment.kubernetes.io/desired-replicas': '3',
          'deployment.kubernetes.io/max-replicas': '4',
          'deployment.kubernetes.io/revision': '1',
        },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', controller: true }],
      },
      spec: { replicas: 3, selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } } },
      status: { replicas: 3, readyReplicas: 3, availableReplicas: 3, fullyLabeledReplicas: 3, observedGeneration: 1 },
    });
    expect(web().metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
    expect(web().status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      terminatingReplicas: 0,
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
          lastUpdateTime: '2025-01-01T00:00:01Z',
          lastTransitionTime: '2025-01-01T00:00:01Z',
        },
        {
          type: 'Progressing',
          status: 'True',
          reason: 'NewReplicaSetAvailable',
          message: `ReplicaSet "web-${hash}" has successfully progressed.`,
          lastUpdateTime: '2025-01-01T00:00:01Z',
          lastTransitionTime: '2025-01-01T00:00:00Z',
        },
      ],
    });
    expect(told()).toEqual([
      `Normal ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`,
      ...pods().map(({ metadata }) => `Normal SuccessfulCreate Created pod: ${metadata.name}`),
    ]);
  });

  it('rolls by surge and unavailability, telling each step', () => {
    const { apply, image, settle, set, told } = cluster();
    apply({ replicas: 4, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } });
    settle();
    apply(image('web:2'));
    settle();
    const [old, fresh] = [set('web:1').metadata.name, set('web:2').metadata.name];
    expect(
      told()
        .filter((line) => line.includes('ScalingReplicaSet'))
        .map((line) => line.slice(25)),
    ).toEqual([
      `Scaled up replica set ${old} from 0 to 4`,
      `Scaled up replica set ${fresh} from 0 to 1`,
      `Scaled down replica set ${old} from 4 to 3`,
      `Scaled up replica set ${fresh} from 1 to 2`,
      `Scaled down replica set ${old} from 3 to 1`,
      `Scaled up replica set ${fresh} from 2 to 4`,
      `Scaled down replica set ${old} from 1 to 0`,
    ]);
  });

  it('waits with a new pod until old ones are gone when it recreates', () => {
    const { apply, image, clock, settle, pods } = cluster({ kubelet: { stopsAfterMs: () => 10_000 } });
    apply({ replicas: 2, strategy: { type: 'Recreate' } });
    settle();
    apply(image('web:2'));
    clock.advance(9_000);
    expect(pods().map(({ spec }) => spec?.containers[0]?.image)).toEqual(['web:1', 'web:1']);
    settle();
    expect(pods().map(({ spec }) => spec?.containers[0]?.image)).toEqual(['web:2', 'web:2']);
  });

  it('takes the old set back on a rollback, with a new revision', () => {
    const { apply, image, settle, web, set, sets } = cluster();
    apply();
    settle();
    const before = set('web:1');
    apply(image('web:2'));
    settle();
    apply(image('web:1'));
    settle();
    expect(sets()).toHaveLength(2);
    expect(set('web:1').metadata).toMatchObject({
      uid: before.metadata.uid,
      annotations: {
        'deployment.kubernetes.io/revision': '3',
        'deployment.kubernetes.io/revision-history': '1',
      },
    });
    expect(set('web:1').spec?.template).toEqual(before.spec?.template);
    expect(web().metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3');
  });

  it('says that it is late after the deadline', () => {
    const { apply, settle, web, set } = cluster({ kubelet: { readyAfterMs: () => undefined } });
    apply({ progressDeadlineSeconds: 30 });
    settle(29_000);
    expect(web().status?.conditions?.[1]).toMatchObject({ reason: 'ReplicaSetUpdated', status: 'True' });
    settle(3_000);
    expect(web().status).toMatchObject({
      unavailableReplicas: 3,
      conditions: [
        { type: 'Available', status: 'False', message: 'Deployment does not have minimum availability.' },
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          message: `ReplicaSet "${set('web:1').metadata.name}" has timed out progressing.`,
        },
      ],
    });
  });

  it('follows scaling while paused and nothing else', () => {
    const { apply, image, settle, web, sets } = cluster();
    apply();
    settle();
    apply({ paused: true, replicas: 5, ...image('web:2') });
    settle();
    expect(sets()).toHaveLength(1);
    expect(web().status).toMatchObject({ replicas: 5, observedGeneration: 2 });
    expect(web().status).not.toHaveProperty('updatedReplicas');
    expect(web().status?.conditions?.find(({ type }) => type === 'Progressing')).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
    apply({ paused: false });
    settle();
    expect(web().status).toMatchObject({ replicas: 5, updatedReplicas: 5 });
  });

  it('scales in proportion in the middle of a rollout', () => {
    const isNew = {
      readyAfterMs: (pod: { spec?: { containers: readonly { image?: string }[] } }) =>
        pod.spec?.containers[0]?.image === 'web:2' ? undefined : 1000,
    };
    const { apply, image, settle, set } = cluster({ kubelet: isNew });
    apply({ replicas: 10, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 2 } } });
    settle();
    apply(image('web:2'));
    settle();
    expect([set('web:1').spec?.replicas, set('web:2').spec?.replicas]).toEqual([8, 5]);
    apply({ replicas: 15 });
    settle();
    expect([set('web:1').spec?.replicas, set('web:2').spec?.replicas]).toEqual([11, 7]);
  });

  it('keeps as many old sets as the history may hold', () => {
    const { apply, image, settle, sets } = cluster();
    apply({ revisionHistoryLimit: 2 });
    settle();
    for (const version of [2, 3, 4, 5]) {
      apply(image(`web:${version}`));
      settle();
    }
    const revision = ({ metadata }: ReplicaSet) => metadata.annotations?.['deployment.kubernetes.io/revision'];
    expect(sets().map(revision)).toEqual(['3', '4', '5']);
  });

  it('passes on why no pod can be made', () => {
    const refusing = {
      name: 'refusing',
      validate: ({ type, operation }: { type: { kind: string }; operation: string }) => {
        if (type.kind === 'Pod' && operation === 'CREATE') throw forbidden(PODS, 'web', 'exceeded quota: pods');
      },
    };
    const { apply, settle, web, told } = cluster({ admission: [refusing] });
    apply();
    settle();
    expect(web().status?.conditions?.find(({ type }) => type === 'ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
      message: 'pods "web" is forbidden: exceeded quota: pods',
    });
    expect(told()).toContain('Warning FailedCreate Error creating: pods "web" is forbidden: exceeded quota: pods');
  });

  it('counts a collision when its name is taken by another set', () => {
    const first = cluster();
    first.apply();
    first.settle();
    const name = first.sets()[0]?.metadata.name as string;
    const { api, apply, settle, web, sets } = cluster();
    const { selector, template } = deployment().spec as Spec;
    api.create(REPLICA_SETS, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name, namespace: 'shop' },
      spec: { replicas: 0, selector: { ...selector, matchLabels: { app: 'other' } }, template },
    });
    apply();
    settle();
    expect(web().status?.collisionCount).toBe(1);
    expect(sets()).toHaveLength(2);
  });

  it('refuses to select everything', () => {
    const { apply, settle, sets, told } = cluster();
    apply({ selector: {} });
    settle();
    expect(sets()).toEqual([]);
    expect(told()).toEqual([
      'Warning SelectingAll This deployment is selecting all pods. A non-empty selector is required.',
    ]);
  });

  it('lets old pods that are not available go first', () => {
    const { api, apply, image, clock, settle, set, pods } = cluster({
      kubelet: { readyAfterMs: (pod) => (pod.spec?.containers[0]?.image === 'web:1' ? 1000 : undefined) },
    });
    apply({ replicas: 3 });
    settle();
    apply(image('web:2'));
    settle();
    expect([set('web:1').spec?.replicas, set('web:2').spec?.replicas]).toEqual([3, 1]);
    apply(image('web:3'));
    clock.advance(2000);
    expect([set('web:2').spec?.replicas, set('web:3').spec?.replicas]).toEqual([0, 1]);
    expect(pods()).toHaveLength(4);
    expect(api.get(PODS, 'shop', pods()[0]?.metadata.name ?? '').status?.phase).toBe('Running');
  });
});
