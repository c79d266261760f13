/** Faults brought about in a simulated cluster, whose kubelets, scheduler and controllers then leave what real ones would leave. */
import {
  createSimulatedReader,
  groupOf,
  SimulatedCluster,
  type Behaviours,
  type ClusterSnapshot,
  type Deployment,
  type KindMap,
  type KubeObject,
} from '@aia/cluster';
import type { Assessment } from '@aia/contract';

type Json = Record<string, unknown>;
type Spec = NonNullable<Deployment['spec']>;
type PodSpec = NonNullable<Spec['template']['spec']>;
type Container = PodSpec['containers'][number];

const MINUTE = 60_000;
/** From the fault to the assessment: longer than any grace, shorter than the life of an event. */
const LATER_MS = 25 * MINUTE;

/** Two namespaces with two Deployments each, a StatefulSet with claims, a DaemonSet, a CronJob, a budget; healthy for two hours. */
export class SimulatedScene {
  readonly cluster: SimulatedCluster;

  constructor(behaviours: Partial<Behaviours> = {}, nodes = 4) {
    this.cluster = new SimulatedCluster({
      seed: 'scene',
      behaviours: { container: () => ({}), image: () => ({}), ...behaviours },
    });
    for (let i = 0; i < nodes; i++)
      this.cluster.kubelets.addNode({ name: `n${i}`, zone: `zone-${'abc'[i % 3] ?? ''}` });
    for (const namespace of ['shop', 'pay']) this.add('v1', 'Namespace', namespace, '', {});
    this.add('storage.k8s.io/v1', 'StorageClass', 'standard', '', {
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      ...{ provisioner: 'pd.csi.storage.gke.io', volumeBindingMode: 'WaitForFirstConsumer' },
    });
    this.pass(2000);
    for (const [namespace, name] of [
      ['shop', 'front'],
      ['shop', 'cart'],
      ['pay', 'api'],
      ['pay', 'ledger'],
    ] as const)
      this.#serve(namespace, name);
    this.#database();
    const agent = { metadata: { labels: { app: 'agent' } }, spec: { containers: [container('agent')] } };
    this.add('apps/v1', 'DaemonSet', 'agent', 'kube-system', {
      spec: { selector: { matchLabels: { app: 'agent' } }, template: agent },
    });
    const job = { backoffLimit: 2, template: { spec: { restartPolicy: 'Never', containers: [container('report')] } } };
    this.add('batch/v1', 'CronJob', 'report', 'shop', {
      spec: { schedule: '*/30 * * * *', jobTemplate: { spec: job } },
    });
    this.pass(120 * MINUTE);
  }

  #serve(namespace: string, name: string): void {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { containers: [container(name)] } };
    this.add('apps/v1', 'Deployment', name, namespace, {
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    });
    this.service(namespace, name);
  }

  #database(): void {
    const labels = { app: 'db' };
    const volumeMounts = [{ name: 'data', mountPath: '/data' }];
    const template = { metadata: { labels }, spec: { containers: [{ ...container('db'), volumeMounts }] } };
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } };
    const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: claim }];
    this.add('v1', 'Service', 'db', 'pay', { spec: { clusterIP: 'None', selector: labels, ports: [{ port: 5432 }] } });
    this.add('apps/v1', 'StatefulSet', 'db', 'pay', {
      spec: { serviceName: 'db', replicas: 3, selector: { matchLabels: labels }, template, volumeClaimTemplates },
    });
    this.add('policy/v1', 'PodDisruptionBudget', 'db', 'pay', {
      spec: { minAvailable: 2, selector: { matchLabels: labels } },
    });
  }

  /** Makes an object; `content` may add to the metadata. */
  add(apiVersion: string, kind: string, name: string, namespace: string, content: Json): void {
    const type = this.cluster.api.types.byKind(groupOf(apiVersion), kind);
    if (type === undefined) throw new RangeError(`kind ${kind}: is not served`);
    const metadata = { name, ...(namespace !== '' && { namespace }), ...(content['metadata'] as Json | undefined) };
    this.cluster.api.create(type, { ...content, apiVersion, kind, metadata } as unknown as KubeObject);
  }

  service(namespace: string, name: string, selector: Json = { app: name }): void {
    this.add('v1', 'Service', name, namespace, { spec: { selector, ports: [{ port: 80, targetPort: 8080 }] } });
  }

  /** Changes any object. */
  change<K extends keyof KindMap>(
    group: string,
    kind: K,
    namespace: string,
    name: string,
    mutate: (object: KindMap[K]) => Json,
  ): void {
    const { api } = this.cluster;
    const type = api.types.byKind(group, kind);
    if (type !== undefined)
      api.change(
        type,
        namespace,
        name,
        (object) => ({ ...object, ...mutate(object as unknown as KindMap[K]) }) as KubeObject,
      );
  }

  /** Changes a workload's replicas, or anything of its spec. */
  spec(kind: 'Deployment' | 'StatefulSet' | 'DaemonSet', namespace: string, name: string, part: Json): void {
    this.change('apps', kind, namespace, name, ({ spec }) => ({ spec: { ...spec, ...part } }));
  }

  /** Rolls out another pod spec. */
  roll(
    kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
    namespace: string,
    name: string,
    pod: Json,
    first: Partial<Container> | Json = {},
  ): void {
    this.change('apps', kind, namespace, name, ({ spec }) => {
      const template = (spec as Spec).template;
      const containers = (template.spec?.containers ?? []).map((one, i) => (i === 0 ? { ...one, ...first } : one));
      return { spec: { ...spec, template: { ...template, spec: { ...template.spec, containers, ...pod } } } };
    });
  }

  pass(ms: number): void {
    this.cluster.clock.advance(ms);
  }

  /** The cluster some time after the fault. */
  observe(afterMs = LATER_MS): Promise<ClusterSnapshot> {
    this.pass(afterMs);
    return createSimulatedReader(this.cluster).observe();
  }
}

function container(name: string): Container & Json {
  return {
    ...{ name, image: `registry.example.com/${name}:1`, ports: [{ containerPort: 8080 }] },
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  };
}

/** `class Kind name` of each cause that is more than low. */
export function seriousCauses({ rootCauses }: Assessment): readonly string[] {
  return rootCauses
    .filter(({ severity }) => severity !== 'low' && severity !== 'info')
    .map(({ class: name, resource }) => `${name} ${resource.kind} ${resource.name}`);
}
