/** Makes proposed changes on a cluster, as somebody with kubectl and gcloud would. */
import type { Container, Service } from '../../../model/kinds.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { machineType } from '../../../cloud/machine-types.ts';
import { NODES, SERVICES } from '../../api/built-in-types.ts';
import type { SimulatedCloud } from '../../cloud/simulated-cloud.ts';
import { entityOf } from '../../entity.ts';
import type { SimulatedCluster } from '../../simulated-cluster.ts';
import { amountFrom, countFrom, quantityFrom } from './amount.ts';
import { drainNode } from './drain-node.ts';
import type { ProposedChange, Verb } from './proposed-change.ts';
import {
  containersNamed,
  missing,
  nodeNamed,
  objectNamed,
  SCALED,
  serviceNamed,
  TEMPLATED,
  workloadNamed,
} from './subjects.ts';

/** Who makes them, for the ownership of fields. */
export const FIELD_MANAGER = 'aia-what-if';

type Make = (cluster: SimulatedCluster, change: ProposedChange) => string;

/**
 * Makes one change.
 * @returns what it did, in words: `quota CPUS of europe-west1: 24 → 32`
 * @throws RangeError for names and values that are wrong; ApiError where the cluster refuses
 */
export function makeChange(cluster: SimulatedCluster, change: ProposedChange): string {
  return MAKERS[change.verb](cluster, change);
}

const MAKERS: Readonly<Record<Verb, Make>> = {
  quota: setQuota,
  pool: changePool,
  replicas: scale,
  requests: (cluster, change) => setResources(cluster, change, 'requests'),
  limits: (cluster, change) => setResources(cluster, change, 'limits'),
  image: setImage,
  serviceType: setServiceType,
  node: switchNode,
  delete: remove,
  cordon: (cluster, change) => setCordon(cluster, change, true),
  uncordon: (cluster, change) => setCordon(cluster, change, false),
  drain: (cluster, change) => {
    const node = nodeNamed(cluster, change.subject);
    drainNode(cluster, node.metadata.name);
    return `${entityOf(node)}: cordoned, and its pods are asked to go as far as their budgets allow`;
  },
};

function cloudOf({ cloud }: SimulatedCluster, { text }: ProposedChange): SimulatedCloud {
  if (cloud === undefined) throw new RangeError(`"${text}": nothing was read of the cloud around this cluster`);
  return cloud;
}

function setQuota(cluster: SimulatedCluster, change: ProposedChange): string {
  const cloud = cloudOf(cluster, change);
  const { quotas } = cloud.snapshot;
  if (quotas === undefined) throw new RangeError(`"${change.text}": the quotas of the cloud were not read`);
  const [metric = '', region = cloud.region] = change.subject.split('/').reverse();
  const quota = quotas.find((one) => one.metric === metric && one.region === region);
  const known = quotas.map((one) => (one.region === cloud.region ? one.metric : `${one.region}/${one.metric}`));
  if (quota === undefined) throw new RangeError(missing(change.text, 'quota', change.subject, known));
  const limit = amountFrom(change.value, quota.limit, change.text);
  cloud.setLimit(metric, limit, region);
  return `quota ${metric} of ${region}: ${quota.limit} → ${limit}`;
}

function changePool(cluster: SimulatedCluster, change: ProposedChange): string {
  const cloud = cloudOf(cluster, change);
  const { subject, field, value, text } = change;
  const pool = cloud.pools.find(({ name }) => name === subject);
  if (pool === undefined)
    throw new RangeError(
      missing(
        text,
        'node pool',
        subject,
        cloud.pools.map(({ name }) => name),
      ),
    );
  if (field === 'machineType') {
    if (machineType(value) === undefined)
      throw new RangeError(`"${text}": "${value}" is no machine type that is known`);
    cloud.changePool(subject, { machineType: value });
    return `node pool ${subject}: new machines are ${value} instead of ${pool.machineType}`;
  }
  const { autoscaling = { minNodes: 0, maxNodes: pool.initialNodes } } = pool;
  const before = field === 'minNodes' ? autoscaling.minNodes : autoscaling.maxNodes;
  const count = countFrom(value, before, text);
  cloud.changePool(subject, { autoscaling: { ...autoscaling, [field]: count } });
  return `node pool ${subject}: ${field} ${pool.autoscaling === undefined ? 'none' : before} → ${count}`;
}

function scale(cluster: SimulatedCluster, { subject: name, value, text }: ProposedChange): string {
  const { subject } = workloadNamed(cluster, name, SCALED, false);
  const { object, type } = subject;
  const before = (object as { spec?: { replicas?: number } }).spec?.replicas ?? 1;
  const replicas = countFrom(value, before, text);
  changeSpec(cluster, type, object, (spec) => ({ ...spec, replicas }));
  return `${entityOf(object)}: replicas ${before} → ${replicas}`;
}

function setResources(cluster: SimulatedCluster, change: ProposedChange, list: 'requests' | 'limits'): string {
  const { field, value, text } = change;
  const quantity = quantityFrom(field, value, text);
  const [entity, before] = changeContainers(cluster, change, ({ resources, ...rest }) => ({
    ...rest,
    resources: { ...resources, [list]: { ...resources?.[list], [field]: quantity } },
  }));
  const was = before.map(({ name, resources }) => `${name} ${resources?.[list]?.[field] ?? 'none'}`).join(', ');
  return `${entity}: ${list} of ${field} ${was} → ${quantity}`;
}

function setImage(cluster: SimulatedCluster, change: ProposedChange): string {
  const { value, subject, text } = change;
  if (workloadNamed(cluster, subject, TEMPLATED, true).container === '')
    throw new RangeError(`"${text}": it names no container`);
  const [entity, before] = changeContainers(cluster, change, (container) => ({ ...container, image: value }));
  return `${entity}: image ${before.map(({ image }) => image ?? 'none').join(', ')} → ${value}`;
}

interface Templated {
  readonly spec?: {
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec?: { readonly template?: Template } };
  };
}

interface Template {
  readonly spec?: { readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] };
}

/** Changes the named container of a workload's template, or all but its init containers. @returns the entity, and the containers before */
function changeContainers(
  cluster: SimulatedCluster,
  { subject: name, text }: ProposedChange,
  change: (container: Container) => Container,
): readonly [string, readonly Container[]] {
  const { subject, container } = workloadNamed(cluster, name, TEMPLATED, true);
  const { object, type } = subject;
  const { spec } = object as Templated;
  const template = spec?.jobTemplate?.spec?.template ?? spec?.template ?? {};
  const { containers = [], initContainers = [] } = template.spec ?? {};
  const chosen = containersNamed(container === '' ? containers : [...containers, ...initContainers], container, text);
  const changed = (list: readonly Container[]) => list.map((one) => (chosen.includes(one) ? change(one) : one));
  const next = {
    ...template,
    spec: {
      ...template.spec,
      containers: changed(containers),
      ...(initContainers.length > 0 ? { initContainers: changed(initContainers) } : {}),
    },
  };
  changeSpec(cluster, type, object, (before) => {
    const { jobTemplate } = before as NonNullable<Templated['spec']>;
    if (jobTemplate === undefined) return { ...before, template: next };
    return { ...before, jobTemplate: { ...jobTemplate, spec: { ...jobTemplate.spec, template: next } } };
  });
  return [entityOf(object), chosen];
}

function setServiceType(cluster: SimulatedCluster, { subject, value, text }: ProposedChange): string {
  const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer'];
  if (!TYPES.includes(value)) throw new RangeError(missing(text, 'type of Services', value, TYPES));
  const service = serviceNamed(cluster, subject);
  changeSpec(cluster, SERVICES, service, (spec) => ({ ...spec, type: value as NonNullable<Service['spec']>['type'] }));
  return `${entityOf(service)}: type ${service.spec?.type ?? 'ClusterIP'} → ${value}`;
}

function switchNode(cluster: SimulatedCluster, { subject, value, text }: ProposedChange): string {
  const node = nodeNamed(cluster, subject);
  if (value === 'off') cluster.kubelets.stopNode(node.metadata.name, { machine: true });
  else if (value === 'on') cluster.kubelets.startNode(node.metadata.name);
  else throw new RangeError(`"${text}": a node is switched on or off`);
  return `${entityOf(node)}: its machine is switched ${value}`;
}

function remove(cluster: SimulatedCluster, { subject: name }: ProposedChange): string {
  const { type, object } = objectNamed(cluster, name);
  cluster.api.delete(type, object.metadata.namespace ?? '', object.metadata.name);
  return `${entityOf(object)}: deleted`;
}

function setCordon(cluster: SimulatedCluster, { subject }: ProposedChange, unschedulable: boolean): string {
  const node = nodeNamed(cluster, subject);
  changeSpec(cluster, NODES, node, ({ unschedulable: _, ...spec }: { unschedulable?: unknown }) =>
    unschedulable ? { ...spec, unschedulable } : spec,
  );
  return `${entityOf(node)}: ${unschedulable ? 'cordoned' : 'uncordoned'}`;
}

function changeSpec<T extends KubeObject>(
  { api }: SimulatedCluster,
  type: Parameters<typeof api.change<T>>[0],
  { metadata }: T,
  change: (spec: NonNullable<unknown>) => unknown,
): void {
  api.change(
    type,
    metadata.namespace ?? '',
    metadata.name,
    (now) => ({ ...now, spec: change((now as { spec?: NonNullable<unknown> }).spec ?? {}) }),
    { fieldManager: FIELD_MANAGER },
  );
}
