/** Clusters for kinds of action that no fault calls for: sound, then changed, then observed. */
import {
  createDirectWrites,
  createSnapshot,
  refOf,
  SAFE_TO_EVICT,
  snapshotOf,
  type ClusterSnapshot,
  withPatch,
  type KubeObject,
} from '@aia/cluster';
import { befallen } from './befallen.suite.ts';
import { planningWith } from '../../../packages/operations/src/plan/capacity/usage-scene.suite.ts';
import {
  deploymentOf,
  ingressOf,
  namespaceOf,
  sceneOf,
  serviceOf,
} from '../../../packages/operations/src/plan/network/network-scene.suite.ts';
import {
  behaving,
  configMap,
  ref,
  rollOut,
  workload,
  workloadScene,
} from '../../../packages/operations/src/plan/revisions/workload-scene.suite.ts';
import { clusterWith, deployment, put } from '../../../packages/operations/src/plan/trial.suite.ts';

type Fields = Readonly<Record<string, unknown>>;
type Cluster = ReturnType<typeof clusterWith>;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONE = ['europe-west1-b'];

const asking = (cpu: string, memory = '512Mi') => ({
  resources: { requests: { cpu, memory } },
});
const pool = (initialNodes: number, autoscaling?: { readonly minNodes: number; readonly maxNodes: number }) => ({
  nodePools: [{ name: 'general', initialNodes, zones: ZONE, autoscaling: autoscaling as never }],
});

/** The cluster with what is made late, when that has had time to show. */
function later(cluster: Cluster, objects: readonly Fields[], minutes = 30): Cluster {
  put(cluster, objects);
  cluster.clock.advance(minutes * MINUTE);
  return cluster;
}

/** Pods wait for nodes that nobody may add, while others use a tenth of what they request. */
export function oversized(): ClusterSnapshot {
  const web = deployment('web', {}, asking('1800m'), { replicas: 6 });
  const cluster = clusterWith([web], pool(3, { minNodes: 1, maxNodes: 3 }));
  const late = deployment('late', {}, asking('1100m'), { replicas: 2 });
  return planningWith(later(cluster, [late]), { web: { cpu: [40, 200], memory: 150 } }).snapshot;
}

/** Four nodes for what two would take. */
export function idle(): ClusterSnapshot {
  return snapshotOf(clusterWith([deployment('web', {}, asking('900m', '3Gi'), { replicas: 6 })], pool(4)), 'idle');
}

/** Nodes that are all less than full and more than half, which a balanced autoscaler keeps. */
export function halfEmpty(): ClusterSnapshot {
  const labelSelector = { matchLabels: { app: 'web' } };
  const even = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule', labelSelector };
  const web = deployment('web', { topologySpreadConstraints: [even] }, asking('1050m', '1Gi'), { replicas: 8 });
  const snapshot = snapshotOf(clusterWith([web], pool(4, { minNodes: 1, maxNodes: 9 })), 'half-empty');
  // They came to lie so, and need not.
  return withObjects(snapshot, (object) => withoutField(object, 'topologySpreadConstraints'));
}

/** The snapshot with each object as `change` has it. */
function withObjects(snapshot: ClusterSnapshot, change: (object: KubeObject) => KubeObject): ClusterSnapshot {
  return createSnapshot({ ...snapshot, objects: snapshot.objects.map(change) });
}

function withoutField(object: KubeObject, field: string): KubeObject {
  return JSON.parse(JSON.stringify(object, (key, value: unknown) => (key === field ? undefined : value))) as KubeObject;
}

/** Nodes that are half empty, and go no longer since their pods are marked. */
export function marked(): ClusterSnapshot {
  const podAffinityTerm = { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' };
  const preferred = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
  const strategy = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
  const web = deployment('web', { affinity: { podAntiAffinity: preferred } }, asking('1500m', '1Gi'), {
    ...{ replicas: 4, strategy },
  });
  const cluster = clusterWith([web], pool(4, { minNodes: 4, maxNodes: 4 }));
  const annotations = { [SAFE_TO_EVICT]: 'false' };
  const patch = { spec: { template: { metadata: { annotations } } } };
  createDirectWrites(cluster, 'test').patch(ref('Deployment', 'web'), { type: 'merge', patch });
  cluster.clock.advance(20 * MINUTE);
  cluster.cloud?.changePool('general', { autoscaling: { minNodes: 1, maxNodes: 4 } });
  cluster.clock.advance(MINUTE);
  return snapshotOf(cluster, 'marked');
}

/** Nodes whose memory is full and whose CPU is not. */
export function hungry(): ClusterSnapshot {
  const cache = deployment('cache', {}, asking('600m', '5Gi'), { replicas: 8 });
  return snapshotOf(later(clusterWith([cache], pool(4, { minNodes: 4, maxNodes: 8 })), [], 5), 'hungry');
}

/** Programs without a limit that their node killed for want of memory, far above what they request. */
export function killedByNode(): ClusterSnapshot {
  const cluster = clusterWith([deployment('web', {}, asking('100m', '128Mi'))], pool(3, { minNodes: 3, maxNodes: 5 }));
  const snapshot = snapshotOf(cluster, 'killed');
  const at = (msBefore: number) => new Date(snapshot.observedAt - msBefore).toISOString();
  const terminated = { reason: 'OOMKilled', exitCode: 137, startedAt: at(4 * MINUTE), finishedAt: at(MINUTE) };
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' };
  const status = { name: 'app', ready: false, restartCount: 6, state: { waiting }, lastState: { terminated } };
  const killed = withObjects(snapshot, (object) =>
    object.kind === 'Pod' && object.metadata.labels?.['app'] === 'web'
      ? withPatch(object, { type: 'merge', patch: { status: { containerStatuses: [status] } } })
      : object,
  );
  return planningWith(killed, { web: { cpu: 50, memory: [300, 400] } }).snapshot;
}

/** The zone of the only pool of large machines has none left. */
export function outOfStock(): ClusterSnapshot {
  const autoscaling = { minNodes: 1, maxNodes: 9 };
  const zones = ['europe-west1-c', 'europe-west1-d'];
  const cluster = clusterWith([deployment('web', {}, asking('3'), { replicas: 2 })], {
    nodePools: [
      { name: 'general', initialNodes: 2, zones: ZONE, autoscaling },
      { name: 'tiny', machineType: 'e2-small', initialNodes: 2, zones, autoscaling: undefined as never },
    ],
  });
  if (cluster.cloud !== undefined) cluster.cloud.conditions.stockOuts = [{ zone: 'europe-west1-b' }];
  return snapshotOf(later(cluster, [deployment('late', {}, asking('3'), { replicas: 1 })]), 'out-of-stock');
}

/** A pod larger than any node that the pools may have. */
export function tooLarge(): ClusterSnapshot {
  const cluster = clusterWith([deployment('web')], pool(2, { minNodes: 2, maxNodes: 9 }));
  return snapshotOf(later(cluster, [deployment('late', {}, asking('6', '8Gi'), { replicas: 1 })]), 'too-large');
}

/** All nodes are tainted, and then something is made that does not tolerate it. */
export function tainted(): ClusterSnapshot {
  const cluster = clusterWith([], pool(3, { minNodes: 3, maxNodes: 3 }));
  const writes = createDirectWrites(cluster, 'test');
  const taints = [{ key: 'team', value: 'blue', effect: 'NoSchedule' }];
  for (const node of snapshotOf(cluster, 'tainted').list('Node'))
    writes.patch(refOf(node), { type: 'merge', patch: { spec: { taints } } });
  return snapshotOf(later(cluster, [deployment('web')]), 'tainted');
}

/** A run that failed by its arguments, after one that succeeded with others. */
export function failedRun(): ClusterSnapshot {
  const scene = workloadScene();
  behaving(scene, ({ spec }) => spec.args?.[0] === '--month=13', { exitsAfterMs: 2000, exitCode: 2 });
  behaving(scene, ({ spec }) => spec.args?.[0] === '--month=12', { exitsAfterMs: 2000, exitCode: 0 });
  for (const [name, argument] of [
    ['load-41', '--month=12'],
    ['load-42', '--month=13'],
  ] as const) {
    const container = { name: 'load', image: 'registry.example.com/load:4', args: [argument] };
    scene.create({
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace: 'shop' } },
      spec: { backoffLimit: 1, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    });
    scene.wait(20);
  }
  return scene.observe();
}

/** A StatefulSet that waits for a pod of a revision which did not start, although its template was corrected. */
export function corrected(): ClusterSnapshot {
  const set = ref('StatefulSet', 'db');
  const scene = workloadScene(workload('StatefulSet', 'db'));
  behaving(scene, ({ image }) => image.endsWith(':2.0.0'), { exitsAfterMs: 500, exitCode: 1 });
  rollOut(scene, set, { container: { image: 'registry.example.com/db:2.0.0' } });
  scene.wait(20);
  rollOut(scene, set, { container: { image: 'registry.example.com/db:2.0.1' } });
  scene.wait(30);
  return scene.observe();
}

/** Programs that run with a value which was corrected since. */
export function outdated(): ClusterSnapshot {
  const scene = workloadScene(configMap('settings', { COLOUR: 'bleu' }));
  behaving(scene, (place) => place.env('COLOUR') === 'bleu', { failsProbes: ['readiness'] });
  const container = {
    ...{ envFrom: [{ configMapRef: { name: 'settings' } }], ports: [{ containerPort: 8080 }] },
    readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
  };
  scene.create(workload('Deployment', 'web', { container }));
  scene.wait(20);
  scene.patch(ref('ConfigMap', 'settings'), { data: { COLOUR: 'blue' } });
  scene.wait(20);
  return scene.observe();
}

/** The name of a ConfigMap with two letters changed over. */
export function mistyped(): ClusterSnapshot {
  const container = { envFrom: [{ configMapRef: { name: 'web-setitngs' } }] };
  return workloadScene(configMap('web-settings', { A: '1' }), workload('Deployment', 'web', { container })).observe();
}

/** A ConfigMap that is only in another namespace. */
export function elsewhere(): ClusterSnapshot {
  const container = { envFrom: [{ configMapRef: { name: 'web-settings' } }] };
  return workloadScene(
    configMap('web-settings', { A: '1' }, 'staging'),
    workload('Deployment', 'web', { container }),
  ).observe();
}

/** An image that brings another program than the one that is asked for, as others show that run it. */
export function wrongCommand(): ClusterSnapshot {
  const image = 'registry.example.com/shared:3.1.0';
  const lacks =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/srv/sevrer": stat /srv/sevrer: no such file or directory: unknown';
  const scene = workloadScene(
    workload('Deployment', 'other', { container: { image, command: ['/srv/server'] } }),
    workload('Deployment', 'web', { container: { image, command: ['/srv/sevrer'] } }),
  );
  behaving(scene, ({ spec }) => spec.command?.[0] === '/srv/sevrer', { startError: lacks });
  return restarted(scene);
}

/** A program that says which variable it cannot use. */
export function wrongValue(): ClusterSnapshot {
  const value = 'http:/query:8080';
  const scene = workloadScene(workload('Deployment', 'web', { container: { env: [{ name: 'QUERY_URL', value }] } }));
  const lastWords = [`invalid configuration: QUERY_URL: cannot use "${value}"`];
  behaving(scene, (place) => place.env('QUERY_URL') === value, { exitsAfterMs: 700, exitCode: 1, lastWords });
  return restarted(scene);
}

/** With the pods of `web` made anew. */
function restarted(scene: ReturnType<typeof workloadScene>): ClusterSnapshot {
  for (const { metadata } of scene.observe().listIn('Pod', 'shop'))
    if (metadata.name.startsWith('web-')) scene.remove(ref('Pod', metadata.name));
  scene.wait(20);
  return scene.observe();
}

const SHOP = [namespaceOf('shop'), deploymentOf('web')];

/** A Service that leads to a port which its pods do not name. */
export function wrongPort(): ClusterSnapshot {
  return sceneOf([...SHOP, serviceOf('web', { ports: [{ port: 80, targetPort: 'web-api' }] })]).observe();
}

/** A webhook that refuses the pods of what is to answer it. */
export function selfGuarding(): ClusterSnapshot {
  const ports = [{ name: 'https', containerPort: 8443 }];
  const scene = sceneOf([
    ...[...SHOP, namespaceOf('guard'), deploymentOf('guard', { namespace: 'guard', replicas: 0, ports })],
    serviceOf('guard', { ports: [{ name: 'https', port: 443, targetPort: 'https' }] }, { namespace: 'guard' }),
  ]);
  const expressions = [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }];
  scene.create({
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
    metadata: { name: 'guard' },
    webhooks: [
      {
        name: 'a.example.com',
        clientConfig: { service: { name: 'guard', namespace: 'guard', path: '/check', port: 443 } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        ...{ failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'] },
        namespaceSelector: { matchExpressions: expressions },
      },
    ],
  });
  scene.patch(ref('Deployment', 'guard', 'guard'), { spec: { replicas: 2 } });
  scene.wait(30);
  return scene.observe();
}

/** A load balancer that selects nothing waits for the only address. */
export function leadingNowhere(): ClusterSnapshot {
  const scene = sceneOf([...SHOP, serviceOf('web', { type: 'LoadBalancer' })], { limits: { IN_USE_ADDRESSES: 1 } });
  scene.create(serviceOf('legacy-import', { type: 'LoadBalancer', selector: { app: 'retired' } }));
  scene.wait(30);
  return scene.observe();
}

/** The only static address is one that nobody has used for weeks. */
export function leftAddress(): ClusterSnapshot {
  const { cluster, observe } = sceneOf(SHOP, { limits: { STATIC_ADDRESSES: 1 } });
  cluster.cloud?.reserveAddress('left-over', {}, cluster.clock.now - 20 * DAY);
  return observe();
}

/** A program that calls a Service by a name that it does not have. */
export function otherName(): ClusterSnapshot {
  const orders = serviceOf('orders-api', { selector: { app: 'orders' } });
  const scene = sceneOf([...SHOP, deploymentOf('orders'), orders]);
  const lastWords = ['dial tcp: lookup orders.shop.svc.cluster.local on 10.96.0.10:53: no such host'];
  behaving(scene, ({ workload: of }) => of === 'Deployment/web', { exitsAfterMs: 5000, exitCode: 1, lastWords });
  return restarted(scene);
}

function withTls(front: Fields, hosts: readonly string[], secretName: string): Fields {
  return { ...front, spec: { ...(front['spec'] as Fields), tls: [{ hosts, secretName }] } };
}

/** An Ingress names a TLS Secret with two letters changed over. */
export function mistypedSecret(): ClusterSnapshot {
  const front = ingressOf('front', 'web.example.com', { name: 'web', port: { number: 80 } });
  const secret = {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'web-tls', namespace: 'shop' } },
    ...{ type: 'kubernetes.io/tls', data: { 'tls.crt': 'c2ltdWxhdGVkbWFza2Vk', 'tls.key': 'c2ltdWxhdGVkbWFza2Vk' } },
  };
  return sceneOf([...[...SHOP, serviceOf('web'), secret], withTls(front, ['web.example.com'], 'web-tsl')]).observe();
}

/** An Ingress serves a host that the Certificate of its Secret does not name. */
export function unnamedHost(): ClusterSnapshot {
  return befallen('certificate-issuer-missing', [], (cluster) => {
    const writes = createDirectWrites(cluster, 'test');
    const certificate = snapshotOf(cluster, 'certificates').listCustom('cert-manager.io/Certificate')[0];
    const { issuerRef, secretName = '' } = certificate?.spec ?? {};
    writes.create({
      ...{ apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', metadata: { name: issuerRef?.name ?? '' } },
      spec: { acme: { server: 'https://acme.example.com/directory', privateKeySecretRef: { name: 'account' } } },
    } as KubeObject);
    cluster.clock.advance(10 * MINUTE);
    const hosts = ['catalog.example.com', 'www.catalog.example.com'];
    const front = ingressOf('catalog', 'www.catalog.example.com', { name: 'catalog', port: { number: 8080 } });
    writes.create(withTls(front, hosts, secretName) as unknown as KubeObject);
    cluster.clock.advance(10 * MINUTE);
  }).scene();
}

/** A webhook that trusts another authority than the one which signed what answers it. */
export function mistrusted(): ClusterSnapshot {
  const volumes = [{ name: 'keys', secret: { secretName: 'guard-tls' } }];
  const guard = deployment('guard', { volumes }, { volumeMounts: [{ name: 'keys', mountPath: '/keys' }] });
  const secret = { group: '', kind: 'Secret', namespace: 'shop', name: 'guard-tls' };
  const webhook = {
    ...{ name: 'guard.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], failurePolicy: 'Ignore' },
    clientConfig: { service: { name: 'guard', namespace: 'shop' }, caBundle: 'c2ltdWxhdGVkbWFza2Vk' },
    rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
  };
  const configuration = {
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
    ...{ metadata: { name: 'guard' }, webhooks: [webhook] },
  };
  const keys = {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'guard-tls', namespace: 'shop' } },
    ...{ type: 'kubernetes.io/tls', data: { 'tls.crt': 'c2ltdWxhdGVkbWFza2Vk', 'tls.key': 'c2ltdWxhdGVkbWFza2Vk' } },
  };
  const { cluster, observe, wait } = sceneOf([
    ...[namespaceOf('shop'), keys, guard, serviceOf('guard', { ports: [{ port: 443, targetPort: 8443 }] })],
    configuration,
  ]);
  const valid = { notBeforeAt: cluster.clock.now - DAY, notAfterAt: cluster.clock.now + 90 * DAY };
  const facts = { ...valid, serialNumber: '1', expectedHosts: [], chainError: undefined, names: ['guard.shop.svc'] };
  cluster.certificates.put({
    ...{ ...facts, source: { kind: 'secret', ref: secret }, subject: 'CN=guard', issuer: 'CN=new' },
    signedBy: ['new'],
  });
  const ref = { group: 'admissionregistration.k8s.io', kind: configuration.kind, namespace: '', name: 'guard' };
  cluster.certificates.put({
    ...{ ...facts, source: { kind: 'ca-bundle', ref, path: 'webhooks[0].clientConfig.caBundle' } },
    ...{ subject: 'CN=old', issuer: 'CN=old', fingerprint: 'old', isAuthority: true },
  });
  wait(10);
  return observe();
}

/** A disk that has grown, whose file system grows when its pod is started again. */
export function unexpanded(): ClusterSnapshot {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };
  const container = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { ...claim, storageClassName: 'standard-rwo' } }];
  const cluster = later(clusterWith([]), [
    workload('StatefulSet', 'db', { container, spec: { volumeClaimTemplates } }),
  ]);
  const snapshot = snapshotOf(cluster, 'unexpanded');
  const since = new Date(snapshot.observedAt - 20 * MINUTE).toISOString();
  const pending = { type: 'FileSystemResizePending', status: 'True', lastTransitionTime: since };
  const changes: Readonly<Record<string, Fields>> = {
    PersistentVolumeClaim: {
      spec: { resources: { requests: { storage: '20Gi' } } },
      status: { conditions: [pending] },
    },
    PersistentVolume: { spec: { capacity: { storage: '20Gi' } } },
  };
  return withObjects(snapshot, (object) => {
    const patch = object.metadata.name.endsWith('db-0') || isOf(object, 'data-db-0') ? changes[object.kind] : undefined;
    return patch === undefined ? object : withPatch(object, { type: 'merge', patch });
  });
}

function isOf(object: KubeObject, claim: string): boolean {
  return (object as { spec?: { claimRef?: { name?: string } } }).spec?.claimRef?.name === claim;
}
