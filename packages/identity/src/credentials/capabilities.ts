/**
 * What agents are allowed, as a lattice: a closed list of capabilities, each within a scope. A grant can be handed on only as one that is no wider in any
 * dimension, so that no chain of delegations gains anything.
 */
import type { JsonObject, JsonValue } from '../canonical/strict-json.ts';
import { isCount, isObject, strangeName, textsOf } from './fields.ts';

/** The orchestrator and the five specialists. */
export const AGENT_ROLES = [
  'main-orchestrator',
  'gcp-deployment-orchestrator',
  'cryptography-agent',
  'production-readiness-assessor',
  'mlops-specialist',
  'threejs-ui-optimizer',
] as const;
/** One of the six. */
export type AgentRole = (typeof AGENT_ROLES)[number];

/** The trades of the roles, then what the council and those who write do. The list is closed: another name is refused. */
export const CAPABILITIES = [
  'coordination',
  'capacity',
  'scheduling',
  'networking',
  'storage',
  'rollout',
  'configuration',
  'access',
  'certificates',
  'verification',
  'model-serving',
  'frontend',
  'propose',
  'vote',
  'approve',
  'execute',
  'attest',
] as const;
/** Entry of the closed list. */
export type Capability = (typeof CAPABILITIES)[number];

/** Names, or all of them. */
export type Names = '*' | readonly string[];

/** How much one use may touch; each a whole number, absent where there is no bound. */
export interface BlastRadius {
  readonly podsPerPhase?: number;
  readonly namespacesPerPhase?: number;
  readonly actions?: number;
}

/** A capability and how far it reaches. When it ends is said by the credential that carries it. */
export interface Grant {
  readonly capability: Capability;
  /** DIDs of clusters. */
  readonly clusters: Names;
  readonly namespaces: Names;
  /** `Kind` or `Kind.group`. */
  readonly kinds: Names;
  readonly blastRadius: BlastRadius;
  /** How many times it may be handed on; 0 for not at all. */
  readonly delegations: number;
}

/** A dimension of a grant. */
export type Dimension = keyof Grant;

/** One use of a capability. */
export interface Use {
  readonly capability: Capability;
  readonly cluster: string;
  /** Every namespace that is touched, at least one; `*` where anything lies in no namespace, which a grant for some namespaces does not reach. */
  readonly namespaces: Names;
  /** At least one. */
  readonly kinds: readonly string[];
  readonly touches: Required<BlastRadius>;
}

const BOUNDS = ['podsPerPhase', 'namespacesPerPhase', 'actions'] as const;
const LISTS = ['clusters', 'namespaces', 'kinds'] as const;
/** More than this is no list that a person has read. */
const MOST_NAMES = 256;
/** More delegations in a row are not granted by anybody. */
export const MOST_DELEGATIONS = 8;

/** The first dimension in which `child` is more than `parent`, which the one who holds `parent` may not hand on; `undefined` where it is no more. */
export function widening(child: Grant, parent: Grant): Dimension | undefined {
  if (child.capability !== parent.capability) return 'capability';
  const list = LISTS.find((name) => !isWithin(child[name], parent[name]));
  if (list !== undefined) return list;
  if (BOUNDS.some((name) => (child.blastRadius[name] ?? Infinity) > (parent.blastRadius[name] ?? Infinity)))
    return 'blastRadius';
  return child.delegations < parent.delegations ? undefined : 'delegations';
}

/** As {@link widening} for who holds several grants: `undefined` where one of them covers it whole, else what is too much for the first of the same capability. */
export function wideningOf(grant: Grant, parents: readonly Grant[]): Dimension | undefined {
  const all = parents.map((parent) => widening(grant, parent));
  if (all.includes(undefined)) return undefined;
  return all.find((dimension) => dimension !== 'capability') ?? 'capability';
}

/** Whether one grant, by itself, allows a use: two that each allow a half of it do not. */
export function isAllowed(use: Use, grants: readonly Grant[]): boolean {
  return grants.some(
    (grant) =>
      grant.capability === use.capability &&
      isWithin([use.cluster], grant.clusters) &&
      isWithin(use.namespaces, grant.namespaces) &&
      isWithin(use.kinds, grant.kinds) &&
      BOUNDS.every((name) => use.touches[name] <= (grant.blastRadius[name] ?? Infinity)),
  );
}

/** As it stands in a credential; the inverse of {@link grantFrom}. */
export function grantJson(grant: Grant): JsonObject {
  return { ...grant, blastRadius: { ...grant.blastRadius } };
}

/** `undefined` for what is no grant: unknown names, a capability outside of the list, bounds that are no whole numbers, empty or repeated names. */
export function grantFrom(value: JsonValue): Grant | undefined {
  if (!isObject(value) || strangeName(value, GRANT_NAMES) !== undefined) return undefined;
  const { capability, delegations } = value;
  const [clusters, namespaces, kinds] = LISTS.map((name) => namesFrom(value[name]));
  const blastRadius = radiusFrom(value.blastRadius);
  const isCapability = (CAPABILITIES as readonly JsonValue[]).includes(capability ?? null);
  if (!isCapability || !isCount(delegations) || delegations > MOST_DELEGATIONS) return undefined;
  if (clusters === undefined || namespaces === undefined || kinds === undefined || blastRadius === undefined)
    return undefined;
  return { capability: capability as Capability, clusters, namespaces, kinds, blastRadius, delegations };
}

const GRANT_NAMES: ReadonlySet<string> = new Set<Dimension>(['capability', ...LISTS, 'blastRadius', 'delegations']);
const BOUND_NAMES: ReadonlySet<string> = new Set(BOUNDS);

function namesFrom(value: JsonValue | undefined): Names | undefined {
  if (value === '*') return '*';
  const names = Array.isArray(value) ? textsOf(value as readonly JsonValue[]) : undefined;
  // A star inside of a list would be a pattern to one reader and a name to another.
  return names !== undefined && names.length <= MOST_NAMES && names.every((name) => /^[^*\s]+$/.test(name))
    ? names
    : undefined;
}

function radiusFrom(value: JsonValue | undefined): BlastRadius | undefined {
  if (!isObject(value) || strangeName(value, BOUND_NAMES) !== undefined) return undefined;
  return Object.values(value).every(isCount) ? { ...value } : undefined;
}

function isWithin(names: Names, allowed: Names): boolean {
  if (allowed === '*') return names.length > 0;
  return names !== '*' && names.length > 0 && names.every((name) => allowed.includes(name));
}
