/** Who has to approve an action, by the policy. */
import type { Action, Change } from '@aia/contract';
import type { ApprovalScope, Policy } from '../../policy/policy.ts';
import type { ObjectChange } from './changed-objects.ts';

type Judged = Pick<Action, 'inverse' | 'disruption' | 'risk' | 'money'> & {
  readonly changes: readonly Change[];
  /** What the changes do to objects. */
  readonly objects: readonly ObjectChange[];
};

/** Scopes of the policy, and what no policy opens. */
type Scope = ApprovalScope | 'access';

/** What makes a person necessary, whatever the policy says. */
const ALWAYS: ReadonlySet<Scope> = new Set(['irreversible', 'high-risk', 'outage', 'namespace-bounds', 'access']);

const WORDS: Readonly<Record<Scope, (objects: readonly ObjectChange[]) => string>> = {
  everything: () => 'the policy has every change approved',
  irreversible: () => 'it cannot be undone',
  'high-risk': () => 'its risk is high',
  outage: () => 'something stops answering meanwhile',
  money: () => 'it costs more',
  cloud: () => 'it changes the cloud',
  delete: () => 'it deletes something',
  'namespace-bounds': (objects) => `whoever set ${boundsChanged(objects).join(' and ')} has to agree`,
  access: () => 'it gives somebody rights in the project',
};

/** Approvers whose scopes the action falls into, and why a person is needed. */
export function approvalOf(action: Judged, { approvers }: Policy): Action['approval'] {
  const scopes = scopesOf(action);
  const asked = approvers.filter((one) => one.for.some((scope) => scopes.has(scope)));
  const reasons = [...scopes].filter(
    (scope) => ALWAYS.has(scope) || asked.some((one) => (one.for as readonly Scope[]).includes(scope)),
  );
  return {
    isNeeded: reasons.length > 0,
    approvers: asked.map(({ name }) => name),
    reasons: reasons.map((scope) => WORDS[scope](action.objects)),
  };
}

function scopesOf({ inverse, disruption, risk, money, changes, objects }: Judged): ReadonlySet<Scope> {
  const holds: Readonly<Record<Scope, boolean>> = {
    everything: true,
    irreversible: inverse.kind === 'irreversible',
    'high-risk': risk.level === 'high',
    outage: disruption.isOutage,
    money: money.monthly > 0,
    cloud: changes.some(({ kind }) => kind === 'cloud'),
    delete: changes.some(
      (change) => change.kind === 'delete' || (change.kind === 'cloud' && change.call.operation === 'delete-node-pool'),
    ),
    'namespace-bounds': boundsChanged(objects).length > 0,
    access: changes.some((change) => change.kind === 'cloud' && change.call.operation === 'grant-role'),
  };
  return new Set((Object.keys(holds) as Scope[]).filter((scope) => holds[scope]));
}

const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/** What bounds the pods of a namespace and becomes another: quotas, ranges, the level of Pod Security. */
function boundsChanged(objects: readonly ObjectChange[]): readonly string[] {
  const named = objects.flatMap(({ ref: { kind, namespace, name }, before, after }) => {
    if (kind === 'ResourceQuota' || kind === 'LimitRange')
      return [before === undefined ? `the bounds of namespace ${namespace}` : `${kind} ${namespace}/${name}`];
    const isLevel = kind === 'Namespace' && levelOf(before) !== levelOf(after);
    return isLevel ? [`the Pod Security level of namespace ${name}`] : [];
  });
  return [...new Set(named)];
}

function levelOf(object: ObjectChange['before']): string | undefined {
  return object?.metadata.labels?.[POD_SECURITY];
}
