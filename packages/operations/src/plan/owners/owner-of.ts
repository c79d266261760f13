/** Who is responsible for an action: by what it does, and by what it does it to. */
import { type KubeObject } from '@aia/cluster';
import type { Change, Role } from '@aia/contract';
import { targetOf } from '../effects/changed-objects.ts';
import type { Planning } from '../planning.ts';
import type { ActionDraft, ActionKind } from '../remedy.ts';
import { domainOf } from './domain.ts';
import { roleOf, type Capability } from './roles.ts';

/** An owner with the reason, for people. */
export interface Responsibility {
  readonly role: Role;
  readonly reason: string;
}

/** Capabilities that are about the program itself, so that whoever knows the program has them; the others are trades of their own. */
const OF_THE_PROGRAM: ReadonlySet<Capability> = new Set([
  'rollout',
  'configuration',
  'verification',
  'model-serving',
  'frontend',
]);

/** Kinds that one specialist looks after, whatever is done to them. */
const KINDS: Readonly<Record<string, Role>> = {
  Secret: 'cryptography-agent',
  Certificate: 'cryptography-agent',
  Issuer: 'cryptography-agent',
  ClusterIssuer: 'cryptography-agent',
  Role: 'cryptography-agent',
  RoleBinding: 'cryptography-agent',
  ClusterRole: 'cryptography-agent',
  ClusterRoleBinding: 'cryptography-agent',
};

/** Who. */
export function ownerOf(draft: ActionDraft, kind: ActionKind, planning: Planning): Role {
  return responsibilityFor(draft, kind, planning).role;
}

/** Who, and why. */
export function responsibilityFor(
  { changes, target }: ActionDraft,
  { capability }: Pick<ActionKind, 'capability'>,
  planning: Planning,
): Responsibility {
  if (changes.length > 0 && changes.every(({ kind }) => kind === 'manual'))
    return { role: 'main-orchestrator', reason: 'somebody outside of the cluster has to do it' };
  const own = roleOf(capability);
  const named = [...new Set(changes.flatMap((change) => kindRole(change)))];
  if (named.length === 1 && named[0] !== undefined)
    return {
      role: named[0],
      reason: `it changes a ${targetOf(changes[0] as Change)?.kind ?? 'thing'} of that specialist`,
    };
  if (!OF_THE_PROGRAM.has(capability)) return { role: own, reason: `${capability} is its trade` };
  const domains = domainsOf(
    [...changes.flatMap((change) => targetOf(change) ?? []), target].map(
      (ref) => planning.workloadOf(ref) ?? planning.object(ref),
    ),
  );
  const [first, ...others] = domains;
  if (first === undefined) return { role: own, reason: `${capability} is its trade` };
  return others.length === 0
    ? first
    : { role: 'main-orchestrator', reason: `it concerns several: ${domains.map(({ reason }) => reason).join(', ')}` };
}

/** Of changes that all are of one such kind. */
function kindRole(change: Change): readonly (Role | undefined)[] {
  const ref = targetOf(change);
  if (ref === undefined) return change.kind === 'manual' ? [] : [undefined];
  return [Object.hasOwn(KINDS, ref.kind) ? KINDS[ref.kind] : undefined];
}

function domainsOf(objects: readonly (KubeObject | undefined)[]): readonly Responsibility[] {
  const found = objects.flatMap((object) => (object === undefined ? [] : (domainOf(object) ?? [])));
  return [...new Map(found.map((one) => [one.role, one])).values()];
}
