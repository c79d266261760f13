import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, NODES, SECRETS } from '../api/built-in-types.ts';
import { KubeletScene } from './kubelet.suite.ts';

const GONE = 'rpc error: code = NotFound desc = docker.io/library/app:1: not found';
const METADATA = { name: 'key', namespace: 'shop' };

describe('images', () => {
  it('that cannot be pulled alternate between ErrImagePull and ImagePullBackOff, with growing delays', () => {
    const scene = new KubeletScene({ images: { 'app:1': { pullError: GONE, pullMs: 1000 } } });
    scene.run('web');
    const seen: string[] = [];
    for (let second = 0; second < 120; second++) {
      scene.pass(1000);
      const { reason = '' } = scene.container('web')?.state?.waiting ?? {};
      if (seen.at(-1)?.split(' ')[0] !== reason) seen.push(`${reason} ${second}`);
    }
    expect(seen).toEqual([
      'ContainerCreating 0',
      'ErrImagePull 1',
      'ImagePullBackOff 2',
      'ErrImagePull 12',
      'ImagePullBackOff 13',
      'ErrImagePull 33',
      'ImagePullBackOff 34',
      'ErrImagePull 74',
      'ImagePullBackOff 75',
    ]);
    expect(scene.container('web')?.state?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "app:1": ErrImagePull: ${GONE}`,
    });
    expect(scene.status('web').phase).toBe('Pending');
    expect(scene.events('web')).toEqual([
      'Pulling: Pulling image "app:1" ×4',
      `Failed: Failed to pull image "app:1": ${GONE} ×4`,
      'Failed: Error: ErrImagePull ×4',
      'BackOff: Back-off pulling image "app:1" ×4',
      'Failed: Error: ImagePullBackOff ×4',
    ]);
  });

  it('are pulled again once the registry has them', () => {
    let error: string | undefined = GONE;
    const behaviours = {
      container: () => ({}),
      image: () => (error === undefined ? {} : { pullError: error }),
    };
    const scene = new KubeletScene({ options: { behaviours } });
    scene.run('web');
    scene.pass(30_000);
    error = undefined;
    scene.pass(30_000);
    expect(scene.status('web').phase).toBe('Running');
    expect(scene.container('web')).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('must be there with the pull policy Never', () => {
    const scene = new KubeletScene();
    scene.run('web', { containers: [{ name: 'app', image: 'app:1', imagePullPolicy: 'Never' }] });
    scene.pass(5000);
    const message = 'Container image "app:1" is not present with pull policy of Never';
    expect(scene.container('web')?.state?.waiting).toEqual({ reason: 'ErrImageNeverPull', message });
    expect(scene.events('web')).toEqual([`ErrImageNeverPull: ${message}`, 'Failed: Error: ErrImageNeverPull']);
  });

  it('are pulled each time with the tag latest', () => {
    const scene = new KubeletScene();
    for (const name of ['a', 'b']) scene.run(name, { containers: [{ name: 'app', image: 'app' }] });
    scene.pass(5000);
    scene.run('c', { containers: [{ name: 'app', image: 'app:latest' }] });
    scene.pass(5000);
    expect(scene.events('c')[0]).toBe('Pulling: Pulling image "app:latest"');
    expect(scene.container('c')?.image).toBe('docker.io/library/app:latest');
  });

  it.each([
    ['App:1', 'invalid reference format: repository name (library/App) must be lowercase'],
    ['app:1:2', 'invalid reference format'],
    ['registry.example.com/app@sha256:1', 'invalid reference format'],
  ])('with the name %s are told to be wrong', (image, why) => {
    const scene = new KubeletScene();
    scene.run('web', { containers: [{ name: 'app', image }] });
    scene.pass(5000);
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`;
    expect(scene.container('web')?.state?.waiting).toEqual({ reason: 'InvalidImageName', message });
    expect(scene.events('web')).toEqual([`InspectFailed: ${message}`, 'Failed: Error: InvalidImageName']);
  });

  it('that need a secret are pulled with it', () => {
    const scene = new KubeletScene({ images: { 'app:1': { needsSecret: true } } });
    scene.run('web', { imagePullSecrets: [{ name: 'key' }] });
    scene.pass(5000);
    expect(scene.container('web')?.state?.waiting?.reason).toBe('ImagePullBackOff');
    expect(scene.events('web')[0]).toBe(
      'FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (key); attempting to pull the image may not succeed.',
    );
    scene.cluster.api.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: METADATA });
    scene.pass(30_000);
    expect(scene.status('web').phase).toBe('Running');
  });

  it('of unavailable registries have a reason of their own', () => {
    const pullError = 'RegistryUnavailable: maintenance';
    const scene = new KubeletScene({ images: { 'app:1': { pullError } } });
    scene.run('web');
    scene.pass(2800);
    expect(scene.container('web')?.state?.waiting).toEqual({
      reason: 'RegistryUnavailable',
      message: 'image pull failed for app:1 because the registry is unavailable: maintenance',
    });
  });

  it('are listed by their node', () => {
    const scene = new KubeletScene({ images: { 'app:1': { sizeBytes: 7 } } });
    scene.run('web');
    scene.pass(30_000);
    expect(scene.cluster.api.get(NODES, '', 'n1').status?.images).toEqual([
      { names: [expect.stringContaining('docker.io/library/app@sha256:'), 'docker.io/library/app:1'], sizeBytes: 7 },
    ]);
  });
});

describe('configuration', () => {
  const env = (valueFrom: object) => ({
    containers: [{ name: 'app', image: 'app:1', env: [{ name: 'KEY', valueFrom }] }],
  });
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: METADATA } as const;

  it.each([
    [{ configMapKeyRef: { name: 'key', key: 'a' } }, 'configmap "key" not found'],
    [{ secretKeyRef: { name: 'key', key: 'a' } }, 'secret "key" not found'],
  ])('named by the environment must be there: %j', (valueFrom, message) => {
    const scene = new KubeletScene();
    scene.run('web', env(valueFrom));
    scene.pass(5000);
    expect(scene.container('web')?.state?.waiting).toEqual({ reason: 'CreateContainerConfigError', message });
    expect(scene.events('web').at(-1)).toBe(`Failed: Error: ${message}`);
    expect(scene.status('web').phase).toBe('Pending');
  });

  it('must have the key, and the container starts once it has', () => {
    const scene = new KubeletScene();
    const { api } = scene.cluster;
    const made = api.create(CONFIG_MAPS, { ...map, data: { b: '1' } });
    scene.run('web', env({ configMapKeyRef: { name: 'key', key: 'a' } }));
    scene.pass(5000);
    expect(scene.container('web')?.state?.waiting?.message).toBe("couldn't find key a in ConfigMap shop/key");
    api.update(CONFIG_MAPS, { ...made, data: { a: '1' } });
    scene.pass(15_000);
    expect(scene.container('web')).toMatchObject({ ready: true, restartCount: 0 });
  });

  it('may be missing where it is optional', () => {
    const scene = new KubeletScene();
    scene.run('web', env({ secretKeyRef: { name: 'key', key: 'a', optional: true } }));
    scene.pass(5000);
    expect(scene.status('web').phase).toBe('Running');
  });

  it('in volumes is waited for, with a summary after two minutes', () => {
    const scene = new KubeletScene();
    scene.run('web', {
      containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'conf', mountPath: '/conf' }] }],
      volumes: [
        { name: 'conf', configMap: { name: 'key' } },
        { name: 'unused', secret: { secretName: 'none' } },
      ],
    });
    scene.pass(130_000);
    expect(scene.container('web')?.state?.waiting).toEqual({ reason: 'ContainerCreating' });
    expect(scene.condition('web', 'PodReadyToStartContainers')?.status).toBe('False');
    expect(scene.events('web')).toEqual([
      'FailedMount: MountVolume.SetUp failed for volume "conf" : configmap "key" not found ×9',
      'FailedMount: Unable to attach or mount volumes: unmounted volumes=[conf], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    ]);
    scene.cluster.api.create(CONFIG_MAPS, map);
    scene.pass(130_000);
    expect(scene.status('web').phase).toBe('Running');
  });

  it.each([
    [{ secret: { secretName: 'key', items: [{ key: 'a', path: 'a' }] } }, 'references non-existent secret key: a'],
    [
      { projected: { sources: [{ configMap: { name: 'x' } }, { secret: { name: 'y' } }] } },
      '[configmap "x" not found, secret "y" not found]',
    ],
  ])('in volumes must be whole: %j', (source, why) => {
    const scene = new KubeletScene();
    scene.cluster.api.create(SECRETS, { apiVersion: 'v1', kind: 'Secret', metadata: METADATA });
    scene.run('web', {
      containers: [{ name: 'app', image: 'app:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', ...source }],
    });
    scene.pass(100);
    expect(scene.events('web')).toEqual([`FailedMount: MountVolume.SetUp failed for volume "v" : ${why}`]);
  });

  it.each([
    [{ runAsNonRoot: true }, undefined, 'container has runAsNonRoot and image will run as root'],
    [
      { runAsNonRoot: true },
      'nginx',
      'container has runAsNonRoot and image has non-numeric user (nginx), cannot verify user is non-root',
    ],
    [{ runAsNonRoot: true, runAsUser: 0 }, '1000', "container's runAsUser breaks non-root policy"],
  ])('of the user is checked: %j, image of %s', (securityContext, user, why) => {
    const scene = new KubeletScene({ images: { 'app:1': user === undefined ? {} : { user } } });
    const { metadata } = scene.run('web', { securityContext });
    scene.pass(5000);
    const message = `${why} (pod: "web_shop(${metadata.uid ?? ''})", container: app)`;
    expect(scene.container('web')?.state?.waiting).toEqual({ reason: 'CreateContainerConfigError', message });
  });

  it('of a numeric user passes', () => {
    const scene = new KubeletScene({ images: { 'app:1': { user: '1000:1000' } } });
    scene.run('web', { securityContext: { runAsNonRoot: true } });
    scene.pass(5000);
    expect(scene.status('web').phase).toBe('Running');
  });
});
