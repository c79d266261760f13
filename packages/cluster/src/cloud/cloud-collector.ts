/** Folds any number of cloud listings into one picture. */
import { compare } from '../model/order.ts';
import type { Parsed, ReadProblem } from '../model/unknown-json.ts';
import type {
  AutoscalerStatus,
  CloudAddress,
  CloudDisk,
  CloudSnapshot,
  ForwardingRule,
  ManagedCluster,
  NodePool,
  Quota,
  VisibilityRecord,
} from './cloud.ts';
import { NO_CLOUD } from './cloud.ts';
import { parseAutoscalerStatus } from './autoscaler-status.ts';
import { parseAddresses, parseForwardingRules } from './parse-addresses.ts';
import { parseContainerCluster, parseNodePools, type ParsedPools } from './parse-cluster.ts';
import { parseDisks } from './parse-disks.ts';
import { parseProject, parseQuotas, parseRegion, type RegionQuotas } from './parse-region.ts';
import { QuotaCollector } from './quota-collector.ts';
import { parseQuotaHistory } from './quota-history.ts';
import { recogniseCloud, type CloudInput } from './recognise-cloud.ts';
import { parseVisibility } from './visibility.ts';

/** A problem with the file it came from. */
export interface CloudProblem extends ReadProblem {
  readonly source: string;
}

/** Tells which of several clusters is meant. */
export interface ClusterHint {
  readonly clusterName?: string;
  /** Names of the cluster's nodes; GKE's begin with `gke-‹cluster›-`. */
  readonly nodeNames?: readonly string[];
}

/** Accepts parsed JSON values in any order; the outcome does not depend on it. */
export class CloudCollector {
  readonly #problems: CloudProblem[] = [];
  readonly #projects = new Set<string>();
  readonly #clusters = new Map<string, ManagedCluster>();
  readonly #pools: ParsedPools[] = [];
  readonly #visibility = new Map<string, VisibilityRecord>();
  readonly #quotas = new QuotaCollector();
  #disks: Map<string, CloudDisk> | undefined;
  #addresses: Map<string, CloudAddress> | undefined;
  #rules: Map<string, ForwardingRule> | undefined;
  #autoscaler: AutoscalerStatus | undefined;
  #sawVisibility = false;
  #seen = false;

  /** Takes one value in; returns what it was, or `undefined` when it is no cloud listing (then nothing was taken). */
  add(value: unknown, source: string): CloudInput | undefined {
    const input = recogniseCloud(value, source);
    if (input === undefined) return undefined;
    this.#seen = true;
    if (input.type === 'region') this.#addRegions(this.#read(parseRegion(value), source), source);
    else if (input.type === 'project') this.#addRegions(this.#read(parseProject(value), source), source);
    else if (input.type === 'quotas') this.#addQuotas(this.#read(parseQuotas(value), source), source);
    else if (input.type === 'addresses') {
      this.#addresses ??= new Map();
      for (const address of this.#read(parseAddresses(value), source))
        keep(this.#addresses, `${address.region}/${address.name}/${address.address}`, address);
    } else if (input.type === 'forwarding-rules') {
      this.#rules ??= new Map();
      for (const rule of this.#read(parseForwardingRules(value), source))
        keep(this.#rules, `${rule.region}/${rule.name}`, rule);
    } else if (input.type === 'disks') {
      this.#disks ??= new Map();
      for (const disk of this.#read(parseDisks(value), source))
        keep(this.#disks, `${disk.region}/${disk.zone}/${disk.name}`, disk);
    } else if (input.type === 'quota-history') {
      for (const sample of this.#read(parseQuotaHistory(value), source)) this.#quotas.addSample(sample);
    } else if (input.type === 'visibility') this.#addVisibility(value, source);
    else this.#addClusters(value, input.type, source);
    return input;
  }

  /** The status text of the ConfigMap `kube-system/cluster-autoscaler-status`; of several the newest stays. */
  addAutoscalerStatus(text: string, annotations: Readonly<Record<string, string>>, source: string): void {
    const status = this.#read(parseAutoscalerStatus(text, annotations), source);
    const known = this.#autoscaler;
    if (status === undefined) return;
    if (known === undefined || order(status, known) > 0) this.#autoscaler = status;
  }

  get problems(): readonly CloudProblem[] {
    return this.#problems;
  }

  build(hint: ClusterHint = {}): CloudSnapshot {
    const { value: cluster, problems } = chosenCluster([...this.#clusters.values()], this.#pools, hint);
    for (const problem of problems) this.#problems.push({ source: '', ...problem });
    const projects = [...this.#projects].sort();
    if (projects.length > 1)
      this.#problems.push({
        source: '',
        place: '',
        message: `listings of ${projects.length} projects: ${projects.join(', ')}`,
      });
    if (!this.#seen && this.#autoscaler === undefined) return NO_CLOUD;
    const history = this.#quotas.history();
    return {
      provider: this.#seen ? 'gcp' : 'unknown',
      project: projects[0],
      quotas: this.#quotas.quotas(),
      ...(history !== undefined && { quotaHistory: history }),
      ...(this.#disks !== undefined && { disks: sorted(this.#disks) }),
      addresses: sorted(this.#addresses),
      forwardingRules: sorted(this.#rules),
      cluster,
      autoscaler: this.#autoscaler,
      visibility: this.#sawVisibility ? inTime(this.#visibility) : undefined,
    };
  }

  #read<T>(parsed: Parsed<T>, source: string): T {
    for (const problem of parsed.problems) this.#problems.push({ source, ...problem });
    return parsed.value;
  }

  #addRegions(regions: readonly RegionQuotas[], source: string): void {
    for (const { project, quotas } of regions) {
      if (project !== undefined) this.#projects.add(project);
      if (quotas !== undefined) this.#addQuotas(quotas, source);
    }
  }

  #addQuotas(quotas: readonly Quota[], source: string): void {
    for (const message of this.#quotas.addListing(quotas, source)) this.#problems.push({ source, place: '', message });
  }

  #addVisibility(value: unknown, source: string): void {
    this.#sawVisibility = true;
    for (const record of this.#read(parseVisibility(value), source))
      this.#visibility.set(JSON.stringify(record), record);
  }

  #addClusters(value: unknown, type: 'cluster' | 'node-pools', source: string): void {
    if (type === 'node-pools') {
      for (const pools of this.#read(parseNodePools(value), source)) {
        this.#pools.push(pools);
        if (pools.project !== undefined) this.#projects.add(pools.project);
      }
      return;
    }
    for (const { project, cluster } of this.#read(parseContainerCluster(value), source)) {
      if (project !== undefined) this.#projects.add(project);
      keep(this.#clusters, `${cluster.location}/${cluster.name}`, cluster);
    }
  }
}

/** The cluster meant, with pools from separate files added to it. */
function chosenCluster(
  described: readonly ManagedCluster[],
  pools: readonly ParsedPools[],
  hint: ClusterHint,
): Parsed<ManagedCluster | undefined> {
  const candidates = [...described, ...poolsAlone(described, pools)].sort((a, b) =>
    compare(`${a.location}/${a.name}`, `${b.location}/${b.name}`),
  );
  const wanted =
    candidates.length < 2 ? candidates : longestNamed(candidates.filter((cluster) => hinted(cluster, hint)));
  const [chosen] = wanted;
  if (chosen === undefined || wanted.length > 1) {
    const names = candidates.map((cluster) => cluster.name).join(', ');
    const problems =
      candidates.length === 0
        ? []
        : [{ place: '', message: `several clusters (${names}), and nothing tells which one is meant` }];
    return { value: undefined, problems };
  }
  const extra = pools.filter((group) => belongs(group, chosen)).flatMap((group) => group.pools);
  const byName = new Map<string, NodePool>();
  for (const pool of [...chosen.nodePools, ...extra]) keep(byName, pool.name, pool);
  return { value: { ...chosen, nodePools: sorted(byName) ?? [] }, problems: [] };
}

/** Pools whose cluster no file describes; what is known of it is its URL. */
function poolsAlone(described: readonly ManagedCluster[], pools: readonly ParsedPools[]): readonly ManagedCluster[] {
  const alone = new Map<string, ManagedCluster>();
  for (const group of pools) {
    if (described.some((cluster) => belongs(group, cluster))) continue;
    const { cluster: name = '', location = '' } = group;
    alone.set(`${location}/${name}`, {
      name,
      location,
      version: '',
      autopilot: false,
      autoscalingProfile: '',
      nodePools: [],
    });
  }
  return [...alone.values()];
}

function belongs(group: ParsedPools, cluster: ManagedCluster): boolean {
  return (group.cluster ?? cluster.name) === cluster.name && (group.location ?? cluster.location) === cluster.location;
}

function hinted(cluster: ManagedCluster, hint: ClusterHint): boolean {
  if (hint.clusterName !== undefined) return cluster.name === hint.clusterName;
  return (hint.nodeNames ?? []).some((node) => node.startsWith(`gke-${cluster.name.slice(0, 16)}`));
}

/** Nodes of `prod-eu` also look like nodes of `prod`; the longest name that fits is the right one. */
function longestNamed(clusters: readonly ManagedCluster[]): readonly ManagedCluster[] {
  const longest = Math.max(0, ...clusters.slice(0, 1000).map((cluster) => cluster.name.length));
  return clusters.filter((cluster) => cluster.name.length === longest);
}

/** Newer first; equal times are told apart by content so that the order of files does not matter. */
function order(a: AutoscalerStatus, b: AutoscalerStatus): number {
  return (a.updatedAt ?? 0) - (b.updatedAt ?? 0) || compare(JSON.stringify(a), JSON.stringify(b));
}

function keep<T>(known: Map<string, T>, key: string, value: T): void {
  const other = known.get(key);
  if (other === undefined || compare(JSON.stringify(value), JSON.stringify(other)) > 0) known.set(key, value);
}

function sorted<T>(values: ReadonlyMap<string, T> | undefined): readonly T[] | undefined {
  return values === undefined ? undefined : [...values].sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
}

function inTime(records: ReadonlyMap<string, VisibilityRecord>): readonly VisibilityRecord[] {
  return [...records]
    .sort(([textA, a], [textB, b]) => a.at - b.at || compare(textA, textB))
    .map(([, record]) => record);
}
