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
import { podRequests } from './pod-requests.ts';
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

/** One spread constraint with `whenUnsatisfiable: DoNotSchedule`, defaults filled in. */
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

/** What the filters read of one pod, prepared once. */
export class PodProfile {
  readonly pod: Pod;
  readonly namespace: string;
  readonly requests: Resources;
  #hostPorts: readonly HostPort[] | undefined;
  #claims: readonly ClaimUse[] | undefined;
  #affinity: readonly PodTerm[] | undefined;
  #antiAffinity: readonly PodTerm[] | undefined;
  #spread: readonly SpreadConstraint[] | undefined;
  #placementKey: string | undefined;
  #key: string | undefined;

  constructor(pod: Pod) {
    this.pod = pod;
    this.namespace = pod.metadata.namespace ?? '';
    this.requests = podRequests(pod);
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
    const required = this.pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    return required === undefined ? undefined : (required.nodeSelectorTerms ?? NOTHING);
  }

  /** Names of schedulingGates that still hold the pod back. */
  get gates(): readonly string[] {
    return (this.pod.spec?.schedulingGates ?? NOTHING).map((gate) => gate.name);
  }

  get hostPorts(): readonly HostPort[] {
    return (this.#hostPorts ??= hostPortsOf(this.pod.spec));
  }

  get claims(): readonly ClaimUse[] {
    return (this.#claims ??= claimsOf(this.pod));
  }

  get affinity(): readonly PodTerm[] {
    return (this.#affinity ??= termsOf(this.pod, 'podAffinity'));
  }

  get antiAffinity(): readonly PodTerm[] {
    return (this.#antiAffinity ??= termsOf(this.pod, 'podAntiAffinity'));
  }

  get spread(): readonly SpreadConstraint[] {
    return (this.#spread ??= spreadOf(this.pod));
  }

  /** Pods with equal keys are refused by the same nodes on the grounds of name, taints, selector and node affinity. */
  get placementKey(): string {
    return (this.#placementKey ??= placementKeyOf(this.pod.spec, this.nodeTerms));
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

function termsOf({ metadata, spec }: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly PodTerm[] {
  const terms = spec?.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution;
  if (terms === undefined || terms.length === 0) return NOTHING;
  return terms.map((term) => {
    const { namespaceSelector, topologyKey, namespaces: named = NOTHING } = term;
    const here = named.length === 0 && namespaceSelector === undefined;
    const namespaces = here ? [metadata.namespace ?? ''] : named;
    const keys = term as { readonly matchLabelKeys?: unknown; readonly mismatchLabelKeys?: unknown };
    const same = narrowed(term.labelSelector, metadata.labels, keys.matchLabelKeys, 'In');
    const selector = narrowed(same, metadata.labels, keys.mismatchLabelKeys, 'NotIn');
    const key = JSON.stringify([[...namespaces].sort(), namespaceSelector, selector, topologyKey]);
    return { key, namespaces: new Set(namespaces), namespaceSelector, selector, topologyKey };
  });
}

function spreadOf({ metadata, spec }: Pod): readonly SpreadConstraint[] {
  const constraints = spec?.topologySpreadConstraints;
  if (constraints === undefined || constraints.length === 0) return NOTHING;
  return constraints
    .filter((constraint) => constraint.whenUnsatisfiable === 'DoNotSchedule')
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
