/**
 * Nodes for pods that wait: which groups would help, which of them is chosen, and what becomes of the machines.
 * Source: `cluster-autoscaler/core/scaleup/orchestrator`, `cluster-autoscaler/clusterstate`
 */
import type { Node, Pod } from '../../model/kinds.ts';
import { podRequests } from '../../scheduling/pod-requests.ts';
import { resourcesOf } from '../../scheduling/resources.ts';
import { wordingOf } from '../../scheduling/wording.ts';
import type { SchedulingWorld } from '../../scheduling/world.ts';
import type { Random } from '../clock/random.ts';
import { groupKeyOf, type InstanceGroup } from '../cloud/machines.ts';
import { timeOf } from '../../snapshot/event-time.ts';
import type { AdoptedRecord } from './adoption.ts';
import type { AutoProvisioning } from './auto-provisioning.ts';
import type { AutoscalerParts } from './autoscaler-parts.ts';
import { PROVISION_MS } from './autoscaler-options.ts';
import { isReadyNode } from './cluster-watch.ts';
import { estimate, placeable, suitability, type Rejection } from './estimate.ts';
import { bestOption, type ExpansionOption } from './expander.ts';
import { groupTemplate, type MakeNode } from './group-template.ts';
import { podClasses, type PodClass } from './pod-classes.ts';
import type { ScaleUpRequests } from './scale-up-requests.ts';
import { balanced } from './zone-balance.ts';

/** Why a group was not even asked. */
const SKIPPED = {
  backOff: 'in backoff after failed scale-up',
  max: 'max node group size reached',
} as const;

/** Which every node has until it is ready. */
const STARTUP_TAINTS: ReadonlySet<string> = new Set([
  'node.kubernetes.io/not-ready',
  'node.kubernetes.io/network-unavailable',
  'node.cloudprovider.kubernetes.io/uninitialized',
]);

/** A group that can grow, with what one attempt knows of it. */
interface Candidate {
  readonly group: InstanceGroup;
  readonly make: MakeNode;
  readonly fitting: readonly PodClass[];
  readonly rejected: ReadonlyMap<PodClass, Rejection>;
}

export class ScaleUp {
  readonly #parts: AutoscalerParts;
  readonly #requests: ScaleUpRequests;
  readonly #record: AdoptedRecord;
  readonly #provisioning: AutoProvisioning;
  readonly #random: Random;
  readonly #wording: (reason: string) => string;
  /** What the last attempt without result said, lest the log says it again and again. */
  #lastRefusal = '';

  constructor(
    parts: AutoscalerParts,
    requests: ScaleUpRequests,
    record: AdoptedRecord,
    provisioning: AutoProvisioning,
  ) {
    this.#parts = parts;
    this.#provisioning = provisioning;
    this.#record = record;
    this.#requests = requests;
    this.#random = parts.context.random.fork('expander');
    this.#wording = wordingOf(parts.context.serverVersion);
  }

  /** Tries to get nodes for all pods that wait; returns whether machines were requested. */
  attempt(): boolean {
    const { watch } = this.#parts;
    const groups = this.#groups();
    const all = podClasses([...watch.waiting].flatMap(([uid, pod]) => (this.#record.isPassedOver(uid) ? [] : [pod])));
    if (all.length === 0 || (groups.length === 0 && !this.#provisioning.isOn)) return false;
    const world = this.#world(all);
    const nodes = this.#nodesByGroup();
    this.#addUpcoming(groups, nodes, world);
    const classes = without(all, placeable(world, all));
    if (classes.length === 0) return false;
    const skipped = this.#skipped(groups);
    const candidates = groups
      .filter(({ key }) => !skipped.has(key))
      .map((group) => this.#candidate(group, nodes.get(group.key) ?? [], world, classes));
    const known = candidates.flatMap((candidate) => this.#option(candidate, world));
    if (known.length === 0) candidates.push(...this.#provisionable(world, classes));
    const options = known.length > 0 ? known : candidates.flatMap((candidate) => this.#option(candidate, world));
    const best = bestOption(options, this.#parts.context.options, (pod) => world.requestsOf(pod), this.#random);
    if (best !== undefined) return this.#expand(best, candidates);
    this.#refuse(classes, candidates, skipped);
    return false;
  }

  #groups(): readonly InstanceGroup[] {
    return this.#parts.context.groups.groups.filter(({ pool }) => pool.autoscaling !== undefined);
  }

  #nodesByGroup(): ReadonlyMap<string, readonly Node[]> {
    const byGroup = new Map<string, Node[]>();
    const starting = this.#starting();
    for (const node of this.#parts.watch.nodes.values()) {
      const key = groupKeyOf(node, this.#parts.context.cloud);
      if (
        key === undefined ||
        !isReadyNode(node) ||
        node.spec?.unschedulable === true ||
        starting.has(node.metadata.name)
      )
        continue;
      const known = byGroup.get(key);
      if (known === undefined) byGroup.set(key, [node]);
      else known.push(node);
    }
    return byGroup;
  }

  /** Only nodes with room, and one of each group to make others alike, unless the pods ask about those that run elsewhere. */
  #world(classes: readonly PodClass[]): SchedulingWorld {
    const { watch, worlds, context } = this.#parts;
    if (watch.isKeepingAway || classes.some(({ sample }) => asksAboutOthers(sample)))
      return worlds.whole().withoutNodes(this.#starting());
    const wanted = classes.map(({ sample }) => podRequests(sample));
    const seen = new Set<string>();
    const starting = this.#starting();
    const chosen = [...watch.nodes.values()].filter((node) => {
      if (starting.has(node.metadata.name)) return false;
      const key = groupKeyOf(node, context.cloud) ?? '';
      const isFirst = !seen.has(key) && isReadyNode(node);
      if (isFirst) seen.add(key);
      const free = watch.freeOn(node);
      return (
        isFirst ||
        wanted.some(({ cpuMillis, memoryBytes }) => free.cpuMillis >= cpuMillis && free.memoryBytes >= memoryBytes)
      );
    });
    return worlds.of(chosen);
  }

  /** Nodes that registered and are not ready for pods yet. */
  #starting(): ReadonlySet<string> {
    const { watch, context } = this.#parts;
    const names = new Set<string>();
    for (const { metadata, spec } of watch.nodes.values()) {
      const isNew = context.clock.now - (timeOf(metadata.creationTimestamp) ?? 0) < PROVISION_MS;
      if (isNew && spec?.taints?.some(({ key }) => STARTUP_TAINTS.has(key)) === true) names.add(metadata.name);
    }
    return names;
  }

  /** Machines that were requested, and nodes that start, count as if they were there. */
  #addUpcoming(
    groups: readonly InstanceGroup[],
    nodes: ReadonlyMap<string, readonly Node[]>,
    world: SchedulingWorld,
  ): void {
    const { context } = this.#parts;
    const starting = this.#starting();
    for (const group of groups) {
      const coming = context.groups
        .machinesOf(group.key)
        .filter(({ name, state, refusal }) => starting.has(name) || (state === 'creating' && refusal === undefined));
      if (coming.length === 0) continue;
      const make = this.#template(group, nodes.get(group.key) ?? [], world);
      for (const { name } of coming) world.addNode(make(name));
    }
  }

  #template(group: InstanceGroup, nodes: readonly Node[], world: SchedulingWorld): MakeNode {
    const { cloud, serverVersion } = this.#parts.context;
    return groupTemplate(group, nodes, world, cloud, serverVersion);
  }

  #skipped(groups: readonly InstanceGroup[]): ReadonlyMap<string, string> {
    const { backOff, context } = this.#parts;
    const skipped = new Map<string, string>();
    for (const group of groups) {
      if (backOff.errorOf(group.key, context.clock.now) !== undefined) skipped.set(group.key, SKIPPED.backOff);
      else if (this.#roomOf(group) <= 0) skipped.set(group.key, SKIPPED.max);
    }
    return skipped;
  }

  /** How many nodes a pool may still get. */
  #roomOf({ pool }: InstanceGroup): number {
    return (pool.autoscaling?.maxNodes ?? 0) - this.#parts.context.groups.sizeOf(pool.name);
  }

  #candidate(
    group: InstanceGroup,
    nodes: readonly Node[],
    world: SchedulingWorld,
    classes: readonly PodClass[],
  ): Candidate {
    const make = this.#template(group, nodes, world);
    return { group, make, ...suitability(world, make, classes) };
  }

  /** Pools that could be made for the first pod for which there is one. */
  #provisionable(world: SchedulingWorld, classes: readonly PodClass[]): readonly Candidate[] {
    for (const { sample } of classes) {
      const found = this.#provisioning
        .groupsFor(sample)
        .map((group) => this.#candidate(group, [], world, classes))
        .filter(({ fitting }) => fitting.length > 0);
      if (found.length > 0) return found;
    }
    return [];
  }

  #option({ group, make, fitting }: Candidate, world: SchedulingWorld): readonly ExpansionOption[] {
    if (fitting.length === 0) return [];
    const { nodes, pods } = estimate(world, make, fitting, this.#roomOf(group));
    if (nodes === 0) return [];
    const { allocatable, capacity } = make('template-node').node.status ?? {};
    return [{ group, nodes, pods, allocatable: resourcesOf(allocatable ?? capacity) }];
  }

  #expand({ group: wanted, nodes, pods }: ExpansionOption, candidates: readonly Candidate[]): boolean {
    const { context } = this.#parts;
    const isThere = context.cloud.pools.some(({ name }) => name === wanted.pool.name);
    const group = isThere ? wanted : this.#make(wanted);
    const similar = candidates.filter((one) => one.group.pool.name === group.pool.name && isSimilar(one, pods));
    const groups =
      !isThere || !this.#isBalanced(group) ? [this.#available(group, similar)] : similar.map((one) => one.group);
    const sizes = groups.map(({ key }) => ({ key, size: context.groups.targetOf(key) }));
    const added = balanced(sizes, Math.min(nodes, this.#roomOf(group)), group.key);
    const increases = groups.flatMap((one) => {
      const count = added.get(one.key) ?? 0;
      return count === 0 ? [] : [{ group: one, count }];
    });
    this.#requests.request(increases, pods);
    this.#lastRefusal = '';
    return true;
  }

  /** Makes a node pool, and says so. */
  #make(wanted: InstanceGroup): InstanceGroup {
    const group = this.#provisioning.create(wanted);
    this.#parts.visibility.refused({ type: 'other', groups: [group.name] });
    return group;
  }

  /** Spot pools go where there are machines, unless told otherwise. */
  #isBalanced({ pool }: InstanceGroup): boolean {
    return (pool.autoscaling?.locationPolicy ?? (pool.spot ? 'ANY' : 'BALANCED')) !== 'ANY';
  }

  /** By policy ANY: the zone that has machines. */
  #available(group: InstanceGroup, similar: readonly Candidate[]): InstanceGroup {
    const { stockOuts } = this.#parts.context.cloud.conditions;
    const has = ({ zone }: InstanceGroup) => !stockOuts.some((one) => one.zone === zone);
    return has(group) ? group : (similar.find((one) => has(one.group))?.group ?? group);
  }

  #refuse(classes: readonly PodClass[], candidates: readonly Candidate[], skipped: ReadonlyMap<string, string>): void {
    const { events } = this.#parts;
    for (const one of classes) {
      const reasons = candidates.flatMap(({ rejected }) => rejected.get(one)?.reasons.map(this.#wording) ?? []);
      for (const pod of one.pods) events.notTriggered(pod, [...reasons, ...skipped.values()]);
    }
    this.#log(classes, candidates, skipped);
  }

  #log(classes: readonly PodClass[], candidates: readonly Candidate[], skipped: ReadonlyMap<string, string>): void {
    const { visibility, context } = this.#parts;
    const said = JSON.stringify([
      classes.map(({ sample }) => sample.metadata.uid),
      [...skipped],
      candidates.map(({ group, rejected }) => [group.key, [...rejected.values()]]),
    ]);
    if (said === this.#lastRefusal || this.#record.isGoingOn) return;
    this.#lastRefusal = said;
    const nameOf = new Map(context.groups.groups.map(({ key, name }) => [key, name]));
    const pods = classes.map(({ sample }) => `${sample.metadata.namespace ?? ''}/${sample.metadata.name}`);
    for (const [key, reason] of skipped) {
      const isBackOff = reason === SKIPPED.backOff;
      visibility.refused({
        type: 'no-scale-up',
        messageId: isBackOff ? 'no.scale.up.in.backoff' : 'no.scale.up.mig.skipped',
        parameters: isBackOff ? [] : [reason],
        groups: [nameOf.get(key) ?? key],
        pods,
      });
    }
    for (const { group, rejected } of candidates)
      for (const [one, { filter, reasons }] of rejected)
        visibility.refused({
          type: 'no-scale-up',
          messageId: 'no.scale.up.mig.failing.predicate',
          parameters: [filter, ...reasons],
          groups: [group.name],
          pods: [`${one.sample.metadata.namespace ?? ''}/${one.sample.metadata.name}`],
        });
  }
}

/** Whether a group would take all the pods that another one is chosen for. */
function isSimilar({ fitting }: Candidate, pods: readonly Pod[]): boolean {
  const taken = new Set(fitting.flatMap((one) => one.pods));
  return pods.every((pod) => taken.has(pod));
}

function without(classes: readonly PodClass[], gone: ReadonlySet<Pod>): readonly PodClass[] {
  if (gone.size === 0) return classes;
  return classes.flatMap(({ pods }) => {
    const left = pods.filter((pod) => !gone.has(pod));
    return left[0] === undefined ? [] : [{ sample: left[0], pods: left }];
  });
}

/** Whether where a pod fits depends on pods of other nodes. */
function asksAboutOthers({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec?.affinity ?? {};
  return (
    podAffinity !== undefined ||
    podAntiAffinity !== undefined ||
    (spec?.topologySpreadConstraints ?? []).length > 0 ||
    (spec?.volumes ?? []).some(
      ({ persistentVolumeClaim, ephemeral }) => (persistentVolumeClaim ?? ephemeral) !== undefined,
    )
  );
}
