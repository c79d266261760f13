/** A pod as the filters see it. What only waiting pods need is read on first use, as most pods of a cluster run already. */
import { namespacedName } from '../model/resource-ref.ts';
import type { Pod, PodSpec } from '../model/kinds.ts';
import {
  matchesLabels,
  matchesSelector,
  type Labels,
  type LabelSelector,
  type Requirement,
} from '../model/selector.ts';
import { matchesNodeTerms, type NodeTerm } from './node-terms.ts';
import { podRequests, scoredRequests, type ScoredRequests } from './pod-requests.ts';
import type { Resources } from './resources.ts';

/** A port that a pod takes on its node. */
export interface HostPort {
  /** `''` for all addresses. */
  readonly ip: string;
  /** `TCP`, `UDP` or `SCTP`. */
  readonly protocol: string;
  readonly port: number;
}

/** One required term of pod affinity or anti-affinity. Terms with the same `key` count the same pods. */
export interface PodTerm {
  readonly key: string;
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: LabelSelector | undefined;
  readonly selector: LabelSelector | undefined;
  readonly topologyKey: string;
}

/** A term with what it adds to the score of a node whose domain has pods it is about; negative for anti-affinity. */
export interface WeightedTerm {
  readonly term: PodTerm;
  readonly weight: number;
}

/** Node affinity that is only preferred. */
export interface PreferredNodeTerm {
  readonly weight: number;
  readonly preference: NodeTerm;
}

/** One spread constraint, defaults filled in. */
export interface SpreadConstraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: LabelSelector | undefined;
  /** Whether nodes outside the pod's node affinity and selector are no domains (default) or are. */
  readonly honoursAffinity: boolean;
  /** Whether nodes with taints the pod does not tolerate are no domains, or are (default). */
  readonly honoursTaints: boolean;
}

export type Toleration = NonNullable<PodSpec['tolerations']>[number];
export type NodeTerms = readonly NodeTerm[];

const NOTHING: readonly never[] = [];
const NO_LABELS: Labels = {};

/** What the filters and scores read of a pod's spec and labels; equal for pods of one template. */
export class PodTraits {
  readonly requests: Resources;
  readonly #pod: Pod;
  #scored: ScoredRequests | undefined;
  #hostPorts: readonly HostPort[] | undefined;
  #affinity: readonly PodTerm[] | undefined;
  #antiAffinity: readonly PodTerm[] | undefined;
  #preferences: readonly WeightedTerm[] | undefined;
  #wishes: readonly WeightedTerm[] | undefined;
  #spread: readonly SpreadConstraint[] | undefined;
  #softSpread: readonly SpreadConstraint[] | undefined;
  #placementKey: string | undefined;

  constructor(pod: Pod, requests: Resources = podRequests(pod)) {
    this.#pod = pod;
    this.requests = requests;
  }

  /** Requests as scores count them. */
  get scored(): ScoredRequests {
    return (this.#scored ??= scoredRequests(this.#pod, this.requests));
  }

  get hostPorts(): readonly HostPort[] {
    return (this.#hostPorts ??= hostPortsOf(this.#pod.spec));
  }

  get affinity(): readonly PodTerm[] {
    return (this.#affinity ??= termsOf(this.#pod, 'podAffinity'));
  }

  get antiAffinity(): readonly PodTerm[] {
    return (this.#antiAffinity ??= termsOf(this.#pod, 'podAntiAffinity'));
  }

  /** Preferred terms of the pod. */
  get preferences(): readonly WeightedTerm[] {
    return (this.#preferences ??= preferencesOf(this.#pod));
  }

  /** What the pod, once it runs, wishes of pods that come later: {@link preferences}, and required affinity with weight 1. */
  get wishes(): readonly WeightedTerm[] {
    return (this.#wishes ??=
      this.affinity.length === 0
        ? this.preferences
        : [...this.affinity.map((term) => ({ term, weight: 1 })), ...this.preferences]);
  }

  /** Constraints with `whenUnsatisfiable: DoNotSchedule`. */
  get spread(): readonly SpreadConstraint[] {
    return (this.#spread ??= spreadOf(this.#pod, 'DoNotSchedule'));
  }

  /** Constraints with `whenUnsatisfiable: ScheduleAnyway`. */
  get softSpread(): readonly SpreadConstraint[] {
    return (this.#softSpread ??= spreadOf(this.#pod, 'ScheduleAnyway'));
  }

  /** Pods with equal keys are refused by the same nodes on the grounds of name, taints, selector and node affinity. */
  get placementKey(): string {
    return (this.#placementKey ??= placementKeyOf(this.#pod.spec, nodeTermsOf(this.#pod)));
  }
}

/** What the filters read of one pod, prepared once; most pods of a cluster run, and little is ever asked of them. */
export class PodProfile {
  readonly namespace: string;
  readonly requests: Resources;
  #pod: Pod;
  #traits: PodTraits | undefined;
  #claims: readonly ClaimUse[] | undefined;
  #key: string | undefined;

  /** `traits` of a pod that differs in nothing they read; default its own. */
  constructor(pod: Pod, traits?: PodTraits) {
    this.#pod = pod;
    this.#traits = traits;
    this.namespace = pod.metadata.namespace ?? '';
    this.requests = traits?.requests ?? podRequests(pod);
  }

  /** Shared by pods of one template, where somebody knows that they are. */
  get traits(): PodTraits {
    return (this.#traits ??= new PodTraits(this.#pod, this.requests));
  }

  get pod(): Pod {
    return this.#pod;
  }

  /** Goes on with a later version of the pod that differs in nothing the filters read. */
  renew(pod: Pod): void {
    this.#pod = pod;
  }

  /** `namespace/name`. */
  get key(): string {
    return (this.#key ??= namespacedName(this.pod));
  }

  get labels(): Labels {
    return this.pod.metadata.labels ?? NO_LABELS;
  }

  get isTerminating(): boolean {
    return this.pod.metadata.deletionTimestamp !== undefined;
  }

  get priority(): number {
    return this.pod.spec?.priority ?? 0;
  }

  get tolerations(): readonly Toleration[] {
    return this.pod.spec?.tolerations ?? NOTHING;
  }

  get nodeSelector(): Labels | undefined {
    return this.pod.spec?.nodeSelector;
  }

  /** Required node affinity: one of the terms must hold; `undefined` requires nothing. */
  get nodeTerms(): NodeTerms | undefined {
    return nodeTermsOf(this.pod);
  }

  get preferredNodeTerms(): readonly PreferredNodeTerm[] {
    return this.pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? NOTHING;
  }

  /** Names of schedulingGates that still hold the pod back. */
  get gates(): readonly string[] {
    return (this.pod.spec?.schedulingGates ?? NOTHING).map((gate) => gate.name);
  }

  get hostPorts(): readonly HostPort[] {
    return this.traits.hostPorts;
  }

  /** Often the pod's own, also where all else is of its template. */
  get claims(): readonly ClaimUse[] {
    return (this.#claims ??= claimsOf(this.#pod));
  }

  get affinity(): readonly PodTerm[] {
    return this.#pod.spec?.affinity === undefined ? NOTHING : this.traits.affinity;
  }

  get antiAffinity(): readonly PodTerm[] {
    return this.#pod.spec?.affinity === undefined ? NOTHING : this.traits.antiAffinity;
  }

  /** See {@link PodTraits.wishes}. */
  get wishes(): readonly WeightedTerm[] {
    return this.#pod.spec?.affinity === undefined ? NOTHING : this.traits.wishes;
  }

  get spread(): readonly SpreadConstraint[] {
    return this.traits.spread;
  }

  get placementKey(): string {
    return this.traits.placementKey;
  }
}

/** A PersistentVolumeClaim that a pod mounts. */
export interface ClaimUse {
  readonly name: string;
  /** Made for the pod from an ephemeral volume's template. */
  readonly ephemeral: boolean;
}

/** Whether a term is about pods with these labels in this namespace. */
export function termMatches(
  term: PodTerm,
  namespace: string,
  labels: Labels,
  namespaceLabels: (name: string) => Labels,
): boolean {
  const here =
    term.namespaces.has(namespace) ||
    (term.namespaceSelector !== undefined && matchesSelector(term.namespaceSelector, namespaceLabels(namespace)));
  return here && matchesSelector(term.selector, labels);
}

function claimsOf({ metadata, spec }: Pod): readonly ClaimUse[] {
  const { volumes } = spec ?? {};
  if (volumes === undefined || volumes.length === 0) return NOTHING;
  const claims: ClaimUse[] = [];
  for (const { name, persistentVolumeClaim: claim, ephemeral } of volumes) {
    if (claim !== undefined) claims.push({ name: claim.claimName, ephemeral: false });
    else if (ephemeral !== undefined) claims.push({ name: `${metadata.name}-${name}`, ephemeral: true });
  }
  return claims;
}

/** Ports of containers and sidecars; on the host's network every container port is a host port. */
function hostPortsOf(spec: PodSpec | undefined): readonly HostPort[] {
  const found: HostPort[] = [];
  const sidecars = (spec?.initContainers ?? NOTHING).filter((container) => container.restartPolicy === 'Always');
  for (const { ports } of [...(spec?.containers ?? NOTHING), ...sidecars]) {
    for (const { hostPort, containerPort, hostIP = '', protocol } of ports ?? NOTHING) {
      const port = hostPort ?? (spec?.hostNetwork === true ? containerPort : 0);
      if (port > 0) found.push({ ip: hostIP === '0.0.0.0' ? '' : hostIP, protocol: protocol || 'TCP', port });
    }
  }
  return found.length === 0 ? NOTHING : found;
}

function nodeTermsOf({ spec }: Pod): NodeTerms | undefined {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined ? undefined : (required.nodeSelectorTerms ?? NOTHING);
}

type AffinityKind = 'podAffinity' | 'podAntiAffinity';
type WireTerm = NonNullable<
  NonNullable<NonNullable<PodSpec['affinity']>['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number];

function termsOf(pod: Pod, kind: AffinityKind): readonly PodTerm[] {
  const terms = pod.spec?.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution;
  if (terms === undefined || terms.length === 0) return NOTHING;
  return terms.map((term) => termOf(pod, term));
}

function preferencesOf(pod: Pod): readonly WeightedTerm[] {
  const of = (kind: AffinityKind, sign: 1 | -1) =>
    (pod.spec?.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? NOTHING).map(
      ({ weight, podAffinityTerm }) => ({ term: termOf(pod, podAffinityTerm), weight: sign * weight }),
    );
  const found = [...of('podAffinity', 1), ...of('podAntiAffinity', -1)];
  return found.length === 0 ? NOTHING : found;
}

function termOf({ metadata }: Pod, term: WireTerm): PodTerm {
  const { namespaceSelector, topologyKey, namespaces: named = NOTHING } = term;
  const here = named.length === 0 && namespaceSelector === undefined;
  const namespaces = here ? [metadata.namespace ?? ''] : named;
  const keys = term as { readonly matchLabelKeys?: unknown; readonly mismatchLabelKeys?: unknown };
  const same = narrowed(term.labelSelector, metadata.labels, keys.matchLabelKeys, 'In');
  const selector = narrowed(same, metadata.labels, keys.mismatchLabelKeys, 'NotIn');
  const key = JSON.stringify([[...namespaces].sort(), namespaceSelector, selector, topologyKey]);
  return { key, namespaces: new Set(namespaces), namespaceSelector, selector, topologyKey };
}

function spreadOf(
  { metadata, spec }: Pod,
  whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway',
): readonly SpreadConstraint[] {
  const constraints = spec?.topologySpreadConstraints;
  if (constraints === undefined || constraints.length === 0) return NOTHING;
  return constraints
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) => ({
      topologyKey: constraint.topologyKey,
      maxSkew: constraint.maxSkew,
      minDomains: constraint.minDomains ?? 1,
      selector: narrowed(constraint.labelSelector, metadata.labels, constraint.matchLabelKeys, 'In'),
      honoursAffinity: constraint.nodeAffinityPolicy !== 'Ignore',
      honoursTaints: constraint.nodeTaintsPolicy === 'Honor',
    }));
}

/** The selector, narrowed to pods that share (or do not share) the pod's own values of some labels. */
function narrowed(
  selector: LabelSelector | undefined,
  labels: Labels | undefined,
  keys: unknown,
  operator: 'In' | 'NotIn',
): LabelSelector | undefined {
  // Admission does not check these keys in affinity terms.
  if (selector === undefined || !Array.isArray(keys)) return selector;
  const own: Requirement[] = [];
  for (const key of keys as readonly unknown[]) {
    const value = typeof key === 'string' ? labels?.[key] : undefined;
    if (value !== undefined) own.push({ key: key as string, operator, values: [value] });
  }
  if (own.length === 0) return selector;
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? NOTHING), ...own] };
}

function placementKeyOf(spec: PodSpec | undefined, terms: NodeTerms | undefined): string {
  const { nodeName, nodeSelector, tolerations } = spec ?? {};
  if (nodeName === undefined && nodeSelector === undefined && terms === undefined && tolerations === undefined)
    return '';
  return JSON.stringify([nodeName, nodeSelector, terms, tolerations]);
}

/** Whether the pod's selector and required node affinity accept a node. */
export function acceptsNode(profile: PodProfile, name: string, labels: Labels | undefined): boolean {
  const { nodeSelector, nodeTerms } = profile;
  if (nodeSelector !== undefined && !matchesLabels(nodeSelector, labels)) return false;
  return nodeTerms === undefined || matchesNodeTerms(nodeTerms, name, labels);
}
