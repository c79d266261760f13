/** The lines of a cost estimate: what there is, counted, times its price. */
import type { KindMap } from '../model/kinds.ts';
import { wholeUnits } from '../model/quantity.ts';
import type { CloudSnapshot } from './cloud.ts';
import { diskKindOf, wholeGb, type DiskShape } from './disk-need.ts';
import { machineType } from './machine-types.ts';
import { HOURS_PER_MONTH, type PriceTable } from './prices.ts';

type Node = KindMap['Node'];

/** What a line is about. */
export type CostItem = 'nodes' | 'disks' | 'load-balancers' | 'addresses' | 'nat' | 'cluster-fee';

/** One kind of thing. */
export interface CostLine {
  readonly item: CostItem;
  /** `e2-standard-4, Spot`, `pd-ssd`. */
  readonly about: string;
  readonly quantity: number;
  /** `node`, `GB`, `rule`, `address`, `machine`, `cluster`. */
  readonly unit: string;
  readonly hourly: number;
}

/** Something that is there, or may be, and has no price here. */
export interface Unpriced {
  readonly about: string;
  readonly why: string;
}

/** What is counted: objects of the cluster, and what the cloud lists. */
export interface CostParts {
  readonly nodes: readonly Node[];
  /** Stand for their disks where those were not read. */
  readonly volumes: readonly KindMap['PersistentVolume'][];
  /** Tell the types of such disks. */
  readonly storageClasses: readonly KindMap['StorageClass'][];
  readonly cloud: CloudSnapshot;
}

/** How to count. */
export interface CostOptions {
  /** Whether machines without an external address go through Cloud NAT, which no listing tells. Default false. */
  readonly hasNat?: boolean;
}

/** Lines, and what has none. */
export interface CostLines {
  readonly lines: readonly CostLine[];
  readonly unpriced: readonly Unpriced[];
}

const GIB = 2 ** 30;

/** All lines of these parts, in the order of {@link CostItem}. */
export function costLines(parts: CostParts, prices: PriceTable, options: CostOptions): CostLines {
  const all = [
    nodeLines(parts, prices),
    diskLines(parts, prices),
    ruleLines(parts, prices),
    addressLines(parts, prices),
    natLines(parts, prices, options),
    feeLines(parts, prices),
  ];
  return {
    lines: all.flatMap(({ lines }) => lines),
    unpriced: [
      ...all.flatMap(({ unpriced }) => unpriced),
      { about: 'traffic', why: 'how much goes out, between zones and through load balancers was not read' },
    ],
  };
}

function nodeLines({ nodes, cloud }: CostParts, prices: PriceTable): CostLines {
  if (cloud.cluster?.autopilot === true && nodes.length > 0)
    return { lines: [], unpriced: [{ about: 'nodes', why: 'Autopilot bills what pods request, not its nodes' }] };
  const groups = Map.groupBy(nodes, (node) => `${typeOf(node)}${isSpot(node) ? ', Spot' : ''}`);
  const lines: CostLine[] = [];
  const unpriced: Unpriced[] = [];
  for (const [about, [first, ...others]] of groups) {
    const price = first === undefined ? undefined : machineHourly(typeOf(first), isSpot(first), prices);
    const quantity = others.length + 1;
    if (price === undefined) unpriced.push({ about: `${quantity} × ${about}`, why: 'no price for this machine type' });
    else lines.push({ item: 'nodes', about, quantity, unit: 'node', hourly: price * quantity });
  }
  return { lines, unpriced };
}

/** What a machine costs, its disks and addresses aside; `undefined` for types without a price, and those with GPUs. */
export function machineHourly(name: string, isSpotMachine: boolean, prices: PriceTable): number | undefined {
  const type = machineType(name);
  const price =
    type === undefined || !Object.hasOwn(prices.machineFamilies, type.family)
      ? undefined
      : prices.machineFamilies[type.family];
  const own = Object.hasOwn(prices.machineTypeHourly, name) ? prices.machineTypeHourly[name] : undefined;
  const share = isSpotMachine ? (price?.spotShare ?? 1) : 1;
  if (own !== undefined) return own * share;
  if (type === undefined || price === undefined || type.gpus !== undefined) return undefined;
  return (type.vcpus * price.vcpuHourly + (type.memoryBytes / GIB) * price.gibHourly) * share;
}

function diskLines(parts: CostParts, prices: PriceTable): CostLines {
  const groups = Map.groupBy([...bootDisks(parts), ...volumeDisks(parts)], kindOf);
  const lines: CostLine[] = [];
  const unpriced: Unpriced[] = [];
  for (const [about, disks] of groups) {
    const type = disks[0]?.type ?? '';
    const price = Object.hasOwn(prices.diskGbMonthly, type) ? prices.diskGbMonthly[type] : undefined;
    const quantity = disks.reduce((sum, { sizeGb }) => sum + sizeGb, 0);
    const copies = disks[0]?.isRegional === true ? 2 : 1;
    if (price === undefined) unpriced.push({ about: `${quantity} GB of ${about}`, why: 'no price for this disk type' });
    else
      lines.push({
        ...{ item: 'disks', about, quantity, unit: 'GB' },
        hourly: (quantity * copies * price) / HOURS_PER_MONTH,
      });
  }
  return { lines, unpriced };
}

function kindOf({ type, isRegional }: DiskShape): string {
  return `${isRegional ? 'regional ' : ''}${type}`;
}

/** Of the machines whose pool is known, unless they are listed; they have the names of their machines. */
function bootDisks({ nodes, cloud }: CostParts): readonly DiskShape[] {
  const pools = new Map((cloud.cluster?.nodePools ?? []).map((pool) => [pool.name, pool]));
  const listed = new Set((cloud.disks ?? []).map(({ name }) => name));
  return nodes.flatMap(({ metadata: { name, labels } }) => {
    const pool = pools.get(labels?.['cloud.google.com/gke-nodepool'] ?? '');
    if (pool === undefined || listed.has(name)) return [];
    return [{ type: pool.diskType, sizeGb: pool.diskSizeGb, isRegional: false }];
  });
}

function volumeDisks({ cloud, volumes, storageClasses }: CostParts): readonly DiskShape[] {
  if (cloud.disks !== undefined)
    return cloud.disks.map(({ type, sizeGb, zone }) => ({ type, sizeGb, isRegional: zone === '' }));
  const classes = new Map(storageClasses.map((one) => [one.metadata.name, one]));
  return volumes.flatMap(({ spec }) => {
    const kind = diskKindOf(classes.get(spec?.storageClassName ?? ''));
    const bytes = wholeUnits(spec?.capacity?.['storage'] ?? '0') ?? 0;
    return kind === undefined ? [] : [{ ...kind, sizeGb: wholeGb(bytes) }];
  });
}

function ruleLines({ cloud: { forwardingRules } }: CostParts, prices: PriceTable): CostLines {
  if (forwardingRules === undefined)
    return { lines: [], unpriced: [{ about: 'load balancers', why: 'forwarding rules were not read' }] };
  const quantity = forwardingRules.length;
  if (quantity === 0) return NOTHING;
  const hourly = rulesHourly(quantity, prices);
  return {
    lines: [{ item: 'load-balancers', about: 'forwarding rules', quantity, unit: 'rule', hourly }],
    unpriced: [],
  };
}

/** What so many forwarding rules cost together. */
export function rulesHourly(count: number, prices: PriceTable): number {
  const { forwardingRuleBundleSize: size, forwardingRuleBundleHourly: bundle } = prices;
  const inBundle = Math.min(count, size);
  const bundled = prices.forwardingRuleBundleIsFlat ? (inBundle > 0 ? bundle : 0) : inBundle * bundle;
  return bundled + Math.max(0, count - size) * prices.forwardingRuleHourly;
}

/** Addresses of forwarding rules cost nothing of their own. */
function addressLines({ nodes, cloud }: CostParts, prices: PriceTable): CostLines {
  const onNodes = nodes.flatMap((node) =>
    (node.status?.addresses ?? [])
      .filter(({ type }) => type === 'ExternalIP')
      .map(({ address }) => ({ address, isSpotNode: isSpot(node) })),
  );
  const taken = new Set([...onNodes.map(({ address }) => address), ...ruleAddresses(cloud)]);
  const external = (cloud.addresses ?? []).filter(({ addressType }) => addressType !== 'INTERNAL');
  const others = external.filter(({ status, address }) => status === 'IN_USE' && !taken.has(address));
  const spots = onNodes.filter(({ isSpotNode }) => isSpotNode).length;
  const counts: readonly (readonly [about: string, quantity: number, price: number])[] = [
    ['in use by machines', onNodes.length - spots + others.length, prices.addressHourly],
    ['in use by Spot machines', spots, prices.spotAddressHourly],
    ['reserved, not in use', external.filter(({ status }) => status === 'RESERVED').length, prices.unusedAddressHourly],
  ];
  const lines = counts
    .filter(([, quantity]) => quantity > 0)
    .map(([about, quantity, price]): CostLine => ({
      ...{ item: 'addresses', about, quantity, unit: 'address' },
      hourly: quantity * price,
    }));
  const why = 'addresses were not read';
  return { lines, unpriced: cloud.addresses === undefined ? [{ about: 'reserved addresses', why }] : [] };
}

function ruleAddresses({ forwardingRules = [], addresses = [] }: CloudSnapshot): readonly string[] {
  const used = addresses.filter(({ users }) =>
    users.some((user) => /(?:^|\/)(?:global)?forwardingRules\//i.test(user)),
  );
  return [...forwardingRules.map(({ ipAddress }) => ipAddress), ...used.map(({ address }) => address)];
}

function natLines({ nodes }: CostParts, prices: PriceTable, { hasNat = false }: CostOptions): CostLines {
  const hidden = nodes.filter(
    ({ status }) => status?.addresses?.some(({ type }) => type === 'ExternalIP') !== true,
  ).length;
  if (hidden === 0) return NOTHING;
  if (!hasNat) return { lines: [], unpriced: [{ about: 'Cloud NAT', why: 'no listing tells whether there is one' }] };
  const quantity = Math.min(hidden, prices.natMostMachines);
  const hourly = quantity * prices.natMachineHourly;
  return { lines: [{ item: 'nat', about: 'Cloud NAT', quantity, unit: 'machine', hourly }], unpriced: [] };
}

function feeLines({ cloud: { cluster } }: CostParts, prices: PriceTable): CostLines {
  if (cluster === undefined) return NOTHING;
  const line: CostLine = {
    ...{ item: 'cluster-fee', about: 'management fee', quantity: 1, unit: 'cluster' },
    hourly: prices.clusterHourly,
  };
  return { lines: [line], unpriced: [] };
}

const NOTHING: CostLines = { lines: [], unpriced: [] };

function typeOf({ metadata: { labels } }: Node): string {
  return labels?.['node.kubernetes.io/instance-type'] ?? labels?.['beta.kubernetes.io/instance-type'] ?? 'unknown';
}

const SPOT_LABELS = ['cloud.google.com/gke-spot', 'cloud.google.com/gke-preemptible'];

function isSpot({ metadata: { labels } }: Node): boolean {
  return SPOT_LABELS.some((label) => labels?.[label] === 'true');
}
