/** What a cloud refuses beside its quotas. Source: https://cloud.google.com/kubernetes-engine/docs/troubleshooting/cluster-autoscaler-scale-up */
import { NODES, SERVICES } from '../api/built-in-types.ts';
import type { CloudRequest, SimulatedCloud } from '../cloud/simulated-cloud.ts';
import type { Deployment, Service } from '../../model/kinds.ts';
import { entityOf } from '../entity.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind, Parameter } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { balancers, hasAddress } from './load-balancer-demand.ts';
import { cloudOf, countOf, growingPools, outgrow, type GrowingPool } from './machine-demand.ts';
import { NoTargetError } from './no-target-error.ts';
import { QUOTA_FAULTS } from './quota-faults.ts';
import { byEntity, zoneOf } from './targets.ts';

const SCALE_UP = 'https://cloud.google.com/kubernetes-engine/docs/troubleshooting/cluster-autoscaler-scale-up';
const SETTLES_MS = 600_000;
const EXTRA: Parameter = { type: 'number', summary: 'nodes that are missing', min: 1, max: 4, default: 2 };

/** Why a pool gets no further machine. */
interface MachineRow extends Pick<FaultKind, 'name' | 'summary' | 'source'> {
  readonly classes: readonly string[];
  /** In one of its zones alone. */
  readonly isZonal?: boolean;
  readonly remedy: string | undefined;
  /** Nobody can take it back: it is over when nothing suffers from it any more. */
  readonly isGiven?: boolean;
  /** Right answers beside the workload. */
  entities(cloud: SimulatedCloud, one: GrowingPool, zone: string): readonly string[];
  /** @returns takes it back; whether it holds */
  refuse(
    site: FaultSite,
    one: GrowingPool,
    zone: string,
  ): { readonly repair: () => void; readonly holds: () => boolean };
}

const MACHINE_ROWS: readonly MachineRow[] = [
  {
    name: 'stock-out-zone',
    summary: 'A zone has no machines of the type left that a workload bound to it needs.',
    source: 'https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-resource-availability',
    classes: ['stock-out'],
    isZonal: true,
    isGiven: true,
    remedy: 'Let the workload run in other zones, or on another type of machine.',
    entities: (_cloud, _one, zone) => [`Zone ${zone}`, `Zone *${zone}*`],
    refuse: (site, { pool }, zone) => stockOut(site, [zone], pool.machineType),
  },
  {
    name: 'stock-out-region',
    summary: 'No zone of a node pool has machines of its type left.',
    source: 'https://cloud.google.com/compute/docs/troubleshooting/troubleshooting-resource-availability',
    classes: ['stock-out'],
    isGiven: true,
    remedy: 'Add a pool of another type of machine, or try again later.',
    entities: (_cloud, { pool }) => ['Zone *', `NodePool ${pool.name}`],
    refuse: (site, { pool }) => stockOut(site, pool.zones, pool.machineType),
  },
  {
    name: 'pod-range-exhausted',
    summary: "The range of pod addresses of the cluster's subnet has no room for another node.",
    source: 'https://cloud.google.com/kubernetes-engine/docs/how-to/multi-pod-cidr',
    classes: ['ip-space-exhausted'],
    remedy: 'Add a secondary range for pods, or lower the pods per node.',
    entities: ({ region }) => [`Subnetwork ${region}`, 'PodRange *'],
    refuse: (site) => {
      const { conditions } = cloudOf(site.cluster);
      const before = conditions.podRangeNodes;
      const full = site.cluster.api.store.count(NODES);
      conditions.podRangeNodes = full;
      site.touchOutside('range of pod addresses');
      return {
        repair: () => {
          if (conditions.podRangeNodes !== full) return;
          if (before === undefined) delete conditions.podRangeNodes;
          else conditions.podRangeNodes = before;
        },
        holds: () =>
          conditions.podRangeNodes !== undefined && site.cluster.api.store.count(NODES) >= conditions.podRangeNodes,
      };
    },
  },
  {
    name: 'node-pool-at-maximum',
    summary: 'A node pool has as many nodes as its autoscaling allows, and a workload needs more.',
    source: SCALE_UP,
    classes: ['node-pool-at-maximum'],
    remedy: 'Raise the maximum of the node pool.',
    entities: (_cloud, { pool }) => [`NodePool ${pool.name}`],
    refuse: (site, { pool }) => {
      const maxNodes = countOf(site.cluster, pool);
      const repair = changePool(site, pool.name, { minNodes: pool.autoscaling?.minNodes ?? 0, maxNodes });
      return { repair, holds: () => (boundsOf(site, pool.name)?.maxNodes ?? 0) <= countOf(site.cluster, pool) };
    },
  },
  {
    name: 'autoscaling-off',
    summary: 'The autoscaling of a node pool was switched off, and a workload needs more nodes of it.',
    source: SCALE_UP,
    classes: ['autoscaling-off'],
    remedy: 'Switch the autoscaling of the node pool on, or resize it.',
    entities: (_cloud, { pool }) => [`NodePool ${pool.name}`],
    refuse: (site, { pool }) => ({
      repair: changePool(site, pool.name, undefined),
      holds: () => boundsOf(site, pool.name) === undefined,
    }),
  },
  {
    name: 'machine-permission-missing',
    summary: 'The service agent of GKE lost its role, and may make no machines.',
    source: 'https://cloud.google.com/kubernetes-engine/docs/troubleshooting/troubleshoot-service-accounts',
    classes: ['scale-up-refused-*'],
    remedy: 'Give the service agent its role in the project back.',
    entities: (_cloud, { pool }) => [`NodePool ${pool.name}`, 'InstanceGroup *'],
    refuse: (site, _one, zone) =>
      deny(
        site,
        'machine',
        `projects/${cloudOf(site.cluster).project}/zones/${zone}/instances`,
        'compute.instances.create',
      ),
  },
];

function machineFault({
  classes,
  remedy,
  entities,
  refuse,
  isZonal = false,
  isGiven = false,
  ...row
}: MachineRow): FaultKind {
  return {
    ...row,
    family: 'cloud',
    parameters: { extra: EXTRA },
    bring: (site, { extra }) => {
      const one = site.pick('node pool that may grow', growingPools(site.cluster));
      const zone = site.pick('zone', [...new Set(one.nodes.map(zoneOf))]);
      const target = outgrow(site, one, { extra: Number(extra), ...(isZonal ? { zone } : {}) });
      const { repair, holds } = refuse(site, one, zone);
      return {
        truth: { entities: [...entities(cloudOf(site.cluster), one, zone), entityOf(target)], classes },
        touched: site.takeTouched(),
        settlesMs: SETTLES_MS,
        remedy,
        repair,
        ...(!isGiven && { isGone: () => !holds() }),
      };
    },
  };
}

function stockOut(site: FaultSite, zones: readonly string[], machine: string) {
  const { conditions } = cloudOf(site.cluster);
  const added = zones.map((zone) => ({ zone, machine }));
  conditions.stockOuts = [...conditions.stockOuts, ...added];
  for (const zone of zones) site.touchOutside(`stock of ${machine} in ${zone}`);
  return {
    repair: () => {
      conditions.stockOuts = conditions.stockOuts.filter((one) => !added.includes(one as (typeof added)[number]));
    },
    holds: () => added.some((one) => conditions.stockOuts.includes(one)),
  };
}

function boundsOf({ cluster }: FaultSite, name: string) {
  return cloudOf(cluster).pools.find((pool) => pool.name === name)?.autoscaling;
}

function changePool(site: FaultSite, name: string, autoscaling: ReturnType<typeof boundsOf>): () => void {
  const before = boundsOf(site, name);
  cloudOf(site.cluster).changePool(name, { autoscaling });
  site.touchOutside(`node pool ${name}`);
  return () => cloudOf(site.cluster).changePool(name, { autoscaling: before });
}

/** Has the cloud refuse requests of a type for want of a permission. */
function deny(site: FaultSite, type: CloudRequest['type'], path: string, permission: string) {
  const { conditions } = cloudOf(site.cluster);
  const before = conditions.refusal;
  let isDenied = true;
  // Others may be laid over this one meanwhile, and stay when it is taken back.
  conditions.refusal = (what) =>
    isDenied && what.type === type ? `Required '${permission}' permission for '${path}/${what.name}'` : before(what);
  site.touchOutside(`permission ${permission}`);
  return {
    repair: () => {
      isDenied = false;
    },
    holds: () => isDenied && conditions.refusal({ type, name: '' }) !== undefined,
  };
}

const addressDenied: FaultKind = {
  name: 'load-balancer-permission-missing',
  family: 'cloud',
  summary: 'The service account of the cluster may reserve no addresses, and a Service asks for a load balancer.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/troubleshooting/load-balancing',
  parameters: {},
  bring: (site) => {
    const { project, region } = cloudOf(site.cluster);
    const target = site.deployment(hasPorts);
    const [service] = balancers(site, target, 1);
    if (service === undefined) throw new NoTargetError('there is no Service that this could befall');
    const { repair, holds } = deny(
      site,
      'forwarding-rule',
      `projects/${project}/regions/${region}/forwardingRules`,
      'compute.forwardingRules.create',
    );
    return {
      truth: { entities: waitingServices(site.cluster).map(entityOf), classes: ['load-balancer-*'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Give the service account its role in the project back.',
      repair,
      isGone: (cluster) => !holds() || hasAddress(cluster, service),
    };
  },
};

/** All that ask for an address and have none: what is refused to one is refused to each. */
function waitingServices(cluster: SimulatedCluster): readonly Service[] {
  return byEntity(cluster.api.store.list(SERVICES)).filter(
    (one) => one.spec?.type === 'LoadBalancer' && !hasAddress(cluster, one),
  );
}

const proliferation: FaultKind = {
  name: 'load-balancer-proliferation',
  family: 'cloud',
  summary: 'Every variant of a workload has a load balancer of its own, until addresses run out.',
  source: 'https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer',
  parameters: {
    count: { type: 'number', summary: 'Services of type LoadBalancer', min: 6, max: 40, default: 20 },
    waiting: { type: 'number', summary: 'of them that find no address', min: 1, max: 5, default: 3 },
  },
  bring: (site, { count, waiting }) => {
    const cloud = cloudOf(site.cluster);
    const metric = 'IN_USE_ADDRESSES';
    const quota = cloud.snapshot.quotas?.find((one) => one.metric === metric && one.region === cloud.region);
    if (quota === undefined) throw new NoTargetError(`quota ${metric} is not listed`);
    const target = site.deployment(hasPorts);
    const services = balancers(site, target, Number(count));
    cloud.setLimit(metric, quota.usage + Number(count) - Number(waiting));
    site.touchOutside(`quota ${cloud.region}/${metric}`);
    return {
      truth: {
        entities: [
          ...['Service (type LoadBalancer)', `Service ${target.metadata.namespace ?? ''}/*`],
          `Quota ${cloud.region}/${metric}`,
        ],
        // The quota is named as what many load balancers share, with an Ingress as the way out.
        classes: ['load-balancer-proliferation', 'load-balancer-quota-exhausted'],
      },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Put the Services behind one Ingress or Gateway, and delete their load balancers.',
      repair: ({ api }) => {
        for (const { metadata } of services.slice(1))
          if (api.store.get(SERVICES, metadata.namespace ?? '', metadata.name) !== undefined)
            api.delete(SERVICES, metadata.namespace ?? '', metadata.name);
      },
      isGone: (cluster) => services.filter((service) => isAsking(cluster, service)).length < MANY,
    };
  },
};

/** The reference asks for fewer. */
const MANY = 5;

export const CLOUD_FAULTS: readonly FaultKind[] = [
  ...QUOTA_FAULTS,
  ...MACHINE_ROWS.map(machineFault),
  addressDenied,
  proliferation,
];

function isAsking({ api: { store } }: SimulatedCluster, { metadata: { namespace = '', name } }: Service): boolean {
  return store.get(SERVICES, namespace, name)?.spec?.type === 'LoadBalancer';
}

function hasPorts({ spec }: Deployment): boolean {
  return (spec?.template.spec?.containers[0]?.ports ?? []).length > 0;
}
