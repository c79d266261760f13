/** One pod's way through the filters: what is the same for all nodes is worked out once. */
import { nodePorts, nodeResourcesFit } from './filters/node-capacity.ts';
import { interPodAffinity } from './filters/inter-pod-affinity.ts';
import { nodeAffinity, nodeName, nodeUnschedulable, taintToleration } from './filters/node-selection.ts';
import { podTopologySpread } from './filters/pod-topology-spread.ts';
import { refusal, type Refusal } from './filters/refusal.ts';
import {
  claimProblem,
  nodeVolumeLimits,
  READ_WRITE_ONCE_POD,
  volumeBinding,
  volumeZone,
  type PodVolumes,
} from './filters/volumes.ts';
import type { NodeLedger } from './node-state.ts';
import type { Company } from './placed-counts.ts';
import type { PodProfile } from './pod-profile.ts';
import type { Resources } from './resources.ts';
import type { Reservations, Storage } from './storage.ts';

/** What the filters look at besides the node. */
export interface Cycle {
  readonly profile: PodProfile;
  readonly requests: Resources;
  /** Why no node is even looked at; the sentence after `0/N nodes are available: `. */
  readonly problem: string | undefined;
  /** The only nodes the pod's affinity names, `undefined` when it names none. */
  readonly named: ReadonlySet<string> | undefined;
  readonly volumes: PodVolumes | undefined;
  /** Another pod uses a ReadWriteOncePod claim of this one. */
  readonly exclusiveTaken: boolean;
  readonly company: Company;
  readonly storage: Storage;
  /** Free volumes that were promised to pods placed in this world. */
  readonly reserved: Reservations;
}

export type Filter = (cycle: Cycle, node: NodeLedger) => Refusal | undefined;

const NOT_NAMED = refusal('NodeAffinity', "node(s) didn't satisfy plugin(s) [NodeAffinity]");

/** Filters whose answer for a node never changes while the world lasts, in the scheduler's order. */
export const SELECTION_FILTERS: readonly Filter[] = [
  ({ named }, node) => (named?.has(node.name) === false ? NOT_NAMED : undefined),
  ({ profile }, { node }) => nodeUnschedulable(profile, node),
  ({ profile }, { node }) => nodeName(profile, node),
  ({ profile }, { node }) => taintToleration(profile, node),
  ({ profile }, { node }) => nodeAffinity(profile, node),
];

/** Filters on what runs on the node itself. */
export const ROOM_FILTERS: readonly Filter[] = [
  ({ profile }, node) => nodePorts(profile, node),
  ({ requests }, node) => nodeResourcesFit(requests, node),
];

/** Filters that also look at volumes and at other nodes. */
export const OUTER_FILTERS: readonly Filter[] = [
  ({ exclusiveTaken }) => (exclusiveTaken ? READ_WRITE_ONCE_POD : undefined),
  ({ volumes }, node) => volumes && nodeVolumeLimits(volumes, node),
  ({ volumes, storage, reserved }, node) => volumes && volumeBinding(volumes, node, storage, reserved),
  ({ volumes }, node) => volumes && volumeZone(volumes, node),
  ({ company }, node) => podTopologySpread(company.spreads, node),
  ({ company }, node) => company.around && interPodAffinity(company.around, node),
];

/** All but {@link SELECTION_FILTERS}, in the scheduler's order. */
export const PLACEMENT_FILTERS: readonly Filter[] = [...ROOM_FILTERS, ...OUTER_FILTERS];

/** Selection and room are all that such a pod needs. */
export function isPlain({ profile, volumes, company }: Cycle): boolean {
  if (profile.hostPorts.length > 0 || volumes !== undefined) return false;
  return company.spreads.length === 0 && company.around === undefined;
}

/** The first refusal, which is all that the scheduler reports for a node. */
export function firstRefusal(cycle: Cycle, node: NodeLedger): Refusal | undefined {
  for (const filter of SELECTION_FILTERS) {
    const refused = filter(cycle, node);
    if (refused !== undefined) return refused;
  }
  for (const filter of PLACEMENT_FILTERS) {
    const refused = filter(cycle, node);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** Every filter's refusal, also behind the first: what else would have to change. */
export function allRefusals(cycle: Cycle, node: NodeLedger): readonly Refusal[] {
  return [...SELECTION_FILTERS, ...PLACEMENT_FILTERS].flatMap((filter) => filter(cycle, node) ?? []);
}

/** Why no node is even looked at for a pod. */
export function problemIn(
  profile: PodProfile,
  named: ReadonlySet<string> | undefined,
  volumes: PodVolumes | undefined,
): string | undefined {
  const { gates } = profile;
  if (gates.length > 0) return `waiting for scheduling gates: [${gates.join(' ')}]`;
  if (named?.size === 0) return 'pod affinity terms conflict';
  return volumes === undefined ? undefined : claimProblem(volumes);
}
