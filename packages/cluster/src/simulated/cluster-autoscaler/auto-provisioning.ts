/**
 * Node pools that are made for pods which no pool would take, and deleted when empty: node auto-provisioning, and all nodes of Autopilot.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/node-auto-provisioning
 */
import type { NodePool } from '../../cloud/cloud.ts';
import { machineType } from '../../cloud/machine-types.ts';
import type { Pod } from '../../model/kinds.ts';
import { drawName, type Random } from '../clock/random.ts';
import type { InstanceGroups } from '../cloud/instance-groups.ts';
import { groupOf, type InstanceGroup } from '../cloud/machines.ts';
import type { SimulatedCloud } from '../cloud/simulated-cloud.ts';

/** Sizes of a family that are tried, the smallest first. */
const SIZES = [2, 4, 8, 16, 32] as const;
const DEFAULT_FAMILY = 'e2';
const FAMILY = 'cloud.google.com/machine-family';
const SPOT = 'cloud.google.com/gke-spot';
/** Most nodes of a pool that was made so. */
const MOST_NODES = 1000;
const GB = 1e9;

/** What tells pools of pods with other wishes apart. */
interface Wishes {
  readonly family: string;
  readonly spot: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: NonNullable<NodePool['taints']>;
}

export class AutoProvisioning {
  readonly #cloud: SimulatedCloud;
  readonly #groups: InstanceGroups;
  readonly #random: Random;

  constructor(cloud: SimulatedCloud, groups: InstanceGroups, random: Random) {
    this.#cloud = cloud;
    this.#groups = groups;
    this.#random = random.fork('auto-provisioning');
  }

  /** Whether pools may be made. */
  get isOn(): boolean {
    const { cluster } = this.#cloud.snapshot;
    return cluster !== undefined && (cluster.autopilot || cluster.provisioningLimits !== undefined);
  }

  /** Groups of pools that could be made for a pod: one per size of machine and zone; those beyond the limits are left out. */
  groupsFor(pod: Pod): readonly InstanceGroup[] {
    const wishes = wishesOf(pod);
    if (!this.isOn || wishes === undefined) return [];
    const zones = this.#zones();
    return SIZES.map((size) => poolOf(`${wishes.family}-standard-${size}`, wishes, zones))
      .filter((pool) => machineType(pool.machineType) !== undefined && this.#isWithinLimits(pool))
      .flatMap((pool) => zones.map((zone) => groupOf(this.#cloud, pool, zone)));
  }

  /** Makes the pool of a group that {@link groupsFor} gave, under a name of its own; returns its group in the same zone. */
  create({ pool, zone }: InstanceGroup): InstanceGroup {
    const named = { ...pool, name: `nap-${pool.machineType}-${drawName(this.#random, 8)}` };
    this.#cloud.change(({ cluster }) =>
      cluster === undefined ? {} : { cluster: { ...cluster, nodePools: [...cluster.nodePools, named] } },
    );
    return groupOf(this.#cloud, named, zone);
  }

  /** Deletes pools that were made so and have no machines left; returns their names. */
  deleteEmpty(): readonly string[] {
    const empty = this.#cloud.pools
      .filter(({ name, autoprovisioned }) => autoprovisioned === true && this.#machinesOf(name) === 0)
      .map(({ name }) => name);
    if (empty.length > 0)
      this.#cloud.change(({ cluster }) =>
        cluster === undefined
          ? {}
          : { cluster: { ...cluster, nodePools: cluster.nodePools.filter(({ name }) => !empty.includes(name)) } },
      );
    return empty;
  }

  #machinesOf(pool: string): number {
    return this.#groups.groups
      .filter((group) => group.pool.name === pool)
      .reduce((sum, { key }) => sum + this.#groups.machinesOf(key).length, 0);
  }

  #zones(): readonly string[] {
    const { zones, region } = this.#cloud;
    return zones.length > 0 ? zones : ['a', 'b', 'c'].map((letter) => `${region}-${letter}`);
  }

  /** Limits count all nodes of the cluster: cores, and gigabytes of memory. */
  #isWithinLimits(pool: NodePool): boolean {
    const { provisioningLimits = [] } = this.#cloud.snapshot.cluster ?? {};
    return provisioningLimits.every(({ resource, maximum }) => {
      const used = this.#cloud.pools.reduce(
        (sum, one) => sum + this.#groups.sizeOf(one.name) * amountOf(one, resource),
        0,
      );
      return used + amountOf(pool, resource) <= maximum;
    });
  }
}

function amountOf({ machineType: name }: NodePool, resource: string): number {
  const type = machineType(name);
  if (resource === 'cpu') return type?.vcpus ?? 0;
  return resource === 'memory' ? (type?.memoryBytes ?? 0) / GB : 0;
}

function poolOf(machine: string, { spot, labels, taints }: Wishes, zones: readonly string[]): NodePool {
  return {
    name: `nap-${machine}`,
    machineType: machine,
    diskType: 'pd-balanced',
    diskSizeGb: 100,
    spot,
    zones,
    autoscaling: { minNodes: 0, maxNodes: MOST_NODES },
    autoprovisioned: true,
    initialNodes: 0,
    privateNodes: true,
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(taints.length > 0 && { taints }),
  };
}

/** What a pod's selector asks of a pool; `undefined` for what no pool is made with. Own labels need a toleration of the same key and value. */
function wishesOf({ spec }: Pod): Wishes | undefined {
  const selector = Object.entries(spec?.nodeSelector ?? {});
  const own = selector.filter(([key]) => !/^(?:[a-z.-]*\.)?(?:kubernetes\.io|google\.com|gke\.io)\//.test(key));
  const isTolerated = ([key, value]: readonly [string, string]) =>
    spec?.tolerations?.some((one) => one.key === key && (one.operator === 'Exists' || one.value === value)) === true;
  if (!own.every(isTolerated)) return undefined;
  const spot = spec?.nodeSelector?.[SPOT] === 'true';
  return {
    family: spec?.nodeSelector?.[FAMILY] ?? DEFAULT_FAMILY,
    spot,
    labels: Object.fromEntries(own),
    taints: own.map(([key, value]) => ({ key, value, effect: 'NoSchedule' })),
  };
}
