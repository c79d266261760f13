/**
 * Pods that differ in nothing the scheduler looks at, as those of a ReplicaSet do, share what was worked out about each node: after a
 * placement only the one node that changed is looked at again.
 */
import type { Pod } from '../../model/kinds.ts';
import { ROOM_FILTERS, SELECTION_FILTERS, type Cycle } from '../../scheduling/cycle.ts';
import type { Spread } from '../../scheduling/filters/pod-topology-spread.ts';
import type { NodeLedger } from '../../scheduling/node-state.ts';
import { namedNodes } from '../../scheduling/node-terms.ts';
import { Company, type Preference } from '../../scheduling/placed-counts.ts';
import { controllerOf } from '../../scheduling/pod-owner.ts';
import { PodProfile, PodTraits, type SpreadConstraint } from '../../scheduling/pod-profile.ts';
import { preferredNodeAffinity, softTaints } from '../../scheduling/scores/node-preference.ts';
import { balancedAllocation, leastAllocated } from '../../scheduling/scores/node-resources.ts';
import { defaultConstraints, type Belonging } from './default-spread.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Preemption } from './preemption.ts';
import type { SchedulerWorld } from './scheduler-world.ts';

const REFUSED = -1;

/** Why no node takes a pod, and why no room can be made for it. */
export interface Finding {
  readonly diagnosis: Diagnosis;
  readonly preemption: Preemption;
}

/** What is known about nodes for the pods of one template. */
export class PodTemplate {
  readonly traits: PodTraits;
  readonly #world: SchedulerWorld;
  readonly #like: PodProfile;
  readonly #prefersNodes: boolean;
  /** By node: the version of it that the rest is about. */
  #seen = new Uint32Array(0);
  #scores = new Int16Array(0);
  #preferred = new Int32Array(0);
  #taints = new Uint8Array(0);
  #knowsSoftTaints = false;
  #numbering = -1;
  #company: Company;
  #countsVersion: number;
  #preferences: readonly Preference[] | undefined;
  #default: { readonly constraints: readonly SpreadConstraint[]; readonly version: number } | undefined;
  #finding: { readonly finding: Finding; readonly version: number } | undefined;
  #soft: { readonly constraints: readonly SpreadConstraint[]; readonly spreads: readonly Spread[] } | undefined;

  constructor(pod: Pod, world: SchedulerWorld) {
    this.traits = new PodTraits(pod);
    this.#world = world;
    this.#like = new PodProfile(pod, this.traits);
    this.#prefersNodes = this.#like.preferredNodeTerms.length > 0;
    this.#company = new Company(world.counts, this.#like);
    this.#countsVersion = world.counts.version;
  }

  /** What pods that run mean for pods of the template, now. */
  get company(): Company {
    this.#renew();
    return this.#company;
  }

  get preferences(): readonly Preference[] {
    this.#renew();
    return (this.#preferences ??= this.#world.counts.preferences(this.#like));
  }

  /** Soft spread constraints with their counts; `constraints` must be the same as long as nothing changed about them. */
  softSpreads(constraints: readonly SpreadConstraint[], someKeys: boolean): readonly Spread[] {
    this.#renew();
    if (this.#soft?.constraints !== constraints)
      this.#soft = { constraints, spreads: this.#world.counts.spreads(this.#like, constraints, someKeys) };
    return this.#soft.spreads;
  }

  /** The cluster's own spread constraints for the pods; `version` grows when Services or workloads change. */
  defaultSpread(belonging: Belonging, version: number): readonly SpreadConstraint[] {
    if (this.#default?.version !== version)
      this.#default = { constraints: defaultConstraints(this.#like.pod, belonging), version };
    return this.#default.constraints;
  }

  /** What came of the last vain search for a pod of the template, if nothing has changed since. */
  get finding(): Finding | undefined {
    return this.#finding?.version === this.#world.version ? this.#finding.finding : undefined;
  }

  /** Remembers that the search for a node is vain as things are. */
  remember(finding: Finding): void {
    this.#finding = { finding, version: this.#world.version };
  }

  /** The scores for resources, 0 to 200; negative where the node, as it is, does not take the pod. */
  resourceScore(cycle: Cycle, node: NodeLedger): number {
    if (this.#numbering !== this.#world.numbering) this.#clear();
    if (this.#seen[node.index] !== node.version) this.#look(cycle, node);
    return this.#scores[node.index] as number;
  }

  /** Weight of the preferred node affinity that holds for a node that was looked at. */
  preferredWeight({ index }: NodeLedger): number {
    return this.#preferred[index] as number;
  }

  /** Whether any node that was looked at had such taints. */
  get knowsSoftTaints(): boolean {
    return this.#knowsSoftTaints;
  }

  /** Taints of a node that was looked at which keep pods away if possible. */
  softTaints({ index }: NodeLedger): number {
    return this.#taints[index] as number;
  }

  #look(cycle: Cycle, node: NodeLedger): void {
    const { index } = node;
    if (index >= this.#seen.length) this.#clear();
    this.#seen[index] = node.version;
    const refused =
      SELECTION_FILTERS.some((filter) => filter(cycle, node) !== undefined) ||
      ROOM_FILTERS.some((filter) => filter(cycle, node) !== undefined);
    this.#scores[index] = refused ? REFUSED : this.#resources(node);
    if (refused) return;
    if (this.#prefersNodes) this.#preferred[index] = preferredNodeAffinity(this.#like, node);
    const taints = softTaints(this.#like, node);
    this.#taints[index] = Math.min(255, taints);
    if (taints > 0) this.#knowsSoftTaints = true;
  }

  #resources(node: NodeLedger): number {
    const { scored, requests } = this.traits;
    return leastAllocated(scored, node) + (scored.isBestEffort ? 0 : balancedAllocation(requests, node));
  }

  #clear(): void {
    this.#numbering = this.#world.numbering;
    const size = Math.ceil(this.#world.nodes.length * 1.25) + 8;
    this.#seen = new Uint32Array(size);
    this.#scores = new Int16Array(size);
    this.#preferred = new Int32Array(size);
    this.#taints = new Uint8Array(size);
  }

  #renew(): void {
    if (this.#countsVersion === this.#world.counts.version) return;
    this.#countsVersion = this.#world.counts.version;
    this.#company = new Company(this.#world.counts, this.#like);
    this.#preferences = undefined;
    this.#soft = undefined;
  }
}

/** Templates kept; clusters have a few hundred that are scheduled in turn. */
const KEPT = 512;

/** Finds the template of a pod. */
export class PodTemplates {
  readonly #world: SchedulerWorld;
  readonly #known = new Map<string, PodTemplate>();
  readonly #byTraits = new WeakMap<PodTraits, PodTemplate>();

  constructor(world: SchedulerWorld) {
    this.#world = world;
  }

  /** A pod as filters see it, with what it has in common with others. */
  profile(pod: Pod): PodProfile {
    const template = this.of(pod);
    this.#byTraits.set(template.traits, template);
    return new PodProfile(pod, template.traits);
  }

  /** The template that a {@link profile} was made by. */
  behind({ traits, pod }: PodProfile): PodTemplate {
    return this.#byTraits.get(traits) ?? this.of(pod);
  }

  of(pod: Pod): PodTemplate {
    const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    // Pods of a DaemonSet name their node each, so nobody would ask for the template again.
    if (terms !== undefined && namedNodes(terms) !== undefined) return new PodTemplate(pod, this.#world);
    const key = templateKey(pod);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= KEPT) this.#known.clear();
    const template = new PodTemplate(pod, this.#world);
    this.#known.set(key, template);
    return template;
  }
}

/** Everything that filters and scores read of a pod, but for its claims. */
function templateKey({ metadata, spec, status }: Pod): string {
  const containers = (list: NonNullable<Pod['spec']>['containers'] | undefined) =>
    list?.map(({ image, ports, resources, restartPolicy }) => [image, ports, resources, restartPolicy]);
  const owner = controllerOf({ metadata } as Pod);
  const isResized = status?.containerStatuses?.some(({ allocatedResources }) => allocatedResources !== undefined);
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    owner?.kind,
    owner?.name,
    containers(spec?.containers),
    containers(spec?.initContainers),
    spec?.nodeSelector,
    spec?.affinity,
    spec?.tolerations,
    spec?.topologySpreadConstraints,
    spec?.hostNetwork,
    spec?.overhead,
    spec?.priority,
    spec?.preemptionPolicy,
    (spec as { resources?: unknown } | undefined)?.resources,
    isResized === true ? status : undefined,
  ]);
}
