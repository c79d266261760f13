import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, DEPLOYMENTS } from '../api/built-in-types.ts';
import { newScene } from './fault-scene.suite.ts';
import { Symptoms } from './symptoms.suite.ts';

const TARGET = 'search/indexer';

/** Source: `pkg/kubelet/kubelet_pods.go`, `makeEnvironmentVariables`; `pkg/kubelet/kuberuntime/security_context.go`. */
const REFUSED = [
  ['config-map-missing', { mistake: 'not-created' }, 'configmap "indexer-features" not found'],
  ['secret-missing', { mistake: 'not-created' }, 'secret "indexer-oauth" not found'],
  ['secret-missing', { mistake: 'deleted' }, 'secret "indexer-credentials" not found'],
  ['secret-key-missing', {}, "couldn't find key BUCKET_TOKEN_NEXT in Secret search/indexer-credentials"],
  [
    'run-as-root-refused',
    {},
    'container has runAsNonRoot and image will run as root (pod: "POD_search(UID)", container: indexer)',
  ],
] as const;

describe('containers that cannot be configured', () => {
  it.each(REFUSED)('%s %o: %s', (kind, parameters, message) => {
    const symptoms = new Symptoms(kind, { target: TARGET, parameters });
    expect(symptoms.states('search', 'indexer')).toEqual([`indexer CreateContainerConfigError: ${message}`]);
    if (!message.includes('POD'))
      expect(symptoms.warnings('Pod search/indexer')).toEqual([`Failed: Error: ${message}`]);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it.each([
    ['config-map-missing', /^indexer CreateContainerConfigError: configmap "(.*)" not found$/, 'ConfigMap'],
    ['secret-missing', /^indexer CreateContainerConfigError: secret "(.*)" not found$/, 'Secret'],
  ])('%s by a name that was mistyped', (kind, state, title) => {
    const symptoms = new Symptoms(kind, { target: TARGET, parameters: { mistake: 'misspelt' } });
    const name = state.exec(symptoms.states('search', 'indexer').join())?.[1] ?? '';
    expect([...name].sort()).toEqual(
      [...(kind === 'secret-missing' ? 'indexer-credentials' : 'indexer-config')].sort(),
    );
    expect(symptoms.fault.truth.entities).toContain(`${title} search/${name}`);
  });

  it('config-map-key-renamed heals when the workload follows', () => {
    const symptoms = new Symptoms('config-map-key-renamed', { target: TARGET });
    const [state = ''] = symptoms.states('search', 'indexer');
    const key =
      /^indexer CreateContainerConfigError: couldn't find key (\w+) in ConfigMap search\/indexer-config$/.exec(
        state,
      )?.[1] ?? '';
    const renamed = key.toLowerCase().replaceAll('_', '-');
    const { api, clock } = symptoms.cluster;
    expect(Object.keys(api.store.get(CONFIG_MAPS, 'search', 'indexer-config')?.data ?? {})).toContain(renamed);
    api.change(
      DEPLOYMENTS,
      'search',
      'indexer',
      (now) => JSON.parse(JSON.stringify(now).replace(`"key":"${key}"`, `"key":"${renamed}"`)) as typeof now,
    );
    clock.advance(600_000);
    expect(symptoms.states('search', 'indexer')).toEqual([]);
  });

  it('config-map-key-renamed of a map that is taken as a whole: the program misses it, the kubelet does not', () => {
    const cluster = newScene();
    cluster.api.change(DEPLOYMENTS, 'search', 'indexer', (now) => {
      const { spec } = now;
      const pod = spec?.template.spec;
      const containers = (pod?.containers ?? []).map((one) => ({
        ...{ ...one, env: [], envFrom: [{ configMapRef: { name: 'indexer-config' } }] },
      }));
      return { ...now, spec: { ...spec, template: { ...spec?.template, spec: { ...pod, containers } } } } as typeof now;
    });
    cluster.clock.advance(120_000);
    const symptoms = new Symptoms('config-map-key-renamed', { target: TARGET, cluster });
    expect(symptoms.states('search', 'indexer').at(-1)).toBe('indexer ended Error 1');
    expect(symptoms.lastLines('search', 'indexer').join()).toMatch(
      /^required environment variable (CATALOG_URL|BATCH_SIZE) is not set$/,
    );
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });
});

/** Source: `pkg/volume/configmap`, `pkg/volume/secret`. */
describe('volumes that cannot be set up', () => {
  it.each([
    ['config-map-missing', { used: 'volume' }, 'features', 'configmap "indexer-features" not found'],
    ['config-map-missing', { mistake: 'deleted' }, 'config', 'configmap "indexer-config" not found'],
    ['secret-missing', { used: 'volume' }, 'oauth', 'secret "indexer-oauth" not found'],
    ['config-map-item-missing', {}, 'config', 'configmap references non-existent config key: application.yaml'],
  ])('%s %o', (kind, parameters, volume, why) => {
    const symptoms = new Symptoms(kind, { target: TARGET, parameters });
    expect(symptoms.states('search', 'indexer')).toEqual(['indexer ContainerCreating: ']);
    expect(symptoms.warnings('Pod search/indexer')).toEqual([
      `FailedMount: MountVolume.SetUp failed for volume "${volume}" : ${why}`,
      `FailedMount: Unable to attach or mount volumes: unmounted volumes=[${volume}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`,
    ]);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });
});

describe('programs that do not bear how they are configured', () => {
  it('environment-value-wrong: the program says which', () => {
    const symptoms = new Symptoms('environment-value-wrong', { target: TARGET, parameters: { exitCode: 64 } });
    expect(symptoms.states('search', 'indexer').at(-1)).toBe('indexer ended Error 64');
    expect(symptoms.lastLines('search', 'indexer').join()).toMatch(
      /^invalid configuration: (CATALOG_URL|BATCH_SIZE): cannot use "(http:\/catalog\.shop:8080|500O)"$/,
    );
    expect(symptoms.fault.truth.entities).toEqual(['Deployment search/indexer', 'ConfigMap search/indexer-config']);
    expect(symptoms.fault.touched).toEqual(['ConfigMap search/indexer-config', 'Deployment search/indexer']);
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it('root-filesystem-read-only heals with a volume where it writes', () => {
    const symptoms = new Symptoms('root-filesystem-read-only', { target: TARGET });
    expect(symptoms.lastLines('search', 'indexer')).toEqual([
      'open /var/cache/indexer/index.lock: read-only file system',
    ]);
    symptoms.cluster.api.change(DEPLOYMENTS, 'search', 'indexer', (now) => {
      const { spec } = now;
      const pod = spec?.template.spec;
      const containers = (pod?.containers ?? []).map((one) => ({
        ...one,
        volumeMounts: [...(one.volumeMounts ?? []), { name: 'tmp', mountPath: '/var/cache' }],
      }));
      return { ...now, spec: { ...spec, template: { ...spec?.template, spec: { ...pod, containers } } } } as typeof now;
    });
    symptoms.cluster.clock.advance(600_000);
    expect(symptoms.states('search', 'indexer')).toEqual([]);
  });

  it('mount-over-file: the runtime mounts no directory over a file', () => {
    const symptoms = new Symptoms('mount-over-file', { target: TARGET });
    const [pod] = symptoms
      .pods('search', 'indexer')
      .filter(({ status }) => status?.containerStatuses?.[0]?.ready === false);
    const host = `/var/lib/kubelet/pods/${pod?.metadata.uid ?? ''}/volumes/kubernetes.io~configmap/settings`;
    const ended =
      pod?.status?.containerStatuses?.[0]?.lastState?.terminated ??
      pod?.status?.containerStatuses?.[0]?.state?.terminated;
    expect(ended).toMatchObject({ reason: 'StartError', exitCode: 128 });
    expect(ended?.message).toContain(`error mounting "${host}" to rootfs at "/app/settings.yaml": mount src=${host}`);
    expect(ended?.message).toMatch(
      /not a directory: Are you trying to mount a directory onto a file \(or vice-versa\)\?/,
    );
    expect(symptoms.repair().states('search', 'indexer')).toEqual([]);
  });

  it('service-account-missing: no pod of the new version is created', () => {
    const symptoms = new Symptoms('service-account-missing', { target: TARGET });
    const account = /ServiceAccount search\/(.*)/.exec(symptoms.fault.truth.entities.join('\n'))?.[1] ?? '';
    const why = `is forbidden: error looking up service account search/${account}: serviceaccount "${account}" not found`;
    expect(symptoms.warnings('ReplicaSet search/indexer').join()).toMatch(
      /^FailedCreate: Error creating: pods "indexer-[a-z0-9]+-" /,
    );
    expect(symptoms.warnings('ReplicaSet search/indexer').join()).toContain(why);
    const { status } = symptoms.cluster.api.store.get(DEPLOYMENTS, 'search', 'indexer') ?? {};
    expect(status?.conditions?.find(({ type }) => type === 'ReplicaFailure')).toMatchObject({
      status: 'True',
      reason: 'FailedCreate',
    });
    expect(symptoms.pods('search', 'indexer')).toHaveLength(1);
  });
});
