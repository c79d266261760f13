/** Who has to approve an action, by the policy. */
import type { Action, Change } from '@aia/contract';
import type { ApprovalScope, Policy } from '../../policy/policy.ts';

type Judged = Pick<Action, 'inverse' | 'disruption' | 'risk' | 'money' | 'delivery'> & {
  readonly changes: readonly Change[];
};

/** Scopes of the policy, and what no policy opens. */
type Scope = ApprovalScope | 'access';

/** What makes a person necessary, whatever the policy says. */
const ALWAYS: ReadonlySet<Scope> = new Set(['irreversible', 'high-risk', 'outage', 'access']);

const WORDS: Readonly<Record<Scope, string>> = {
  everything: 'the policy has every change approved',
  irreversible: 'it cannot be undone',
  'high-risk': 'its risk is high',
  outage: 'something stops answering meanwhile',
  money: 'it costs more',
  cloud: 'it changes the cloud',
  delete: 'it deletes something',
  access: 'it gives somebody rights in the project',
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
    reasons: reasons.map((scope) => WORDS[scope]),
  };
}

function scopesOf({ inverse, disruption, risk, money, changes }: Judged): ReadonlySet<Scope> {
  const holds: Readonly<Record<Scope, boolean>> = {
    everything: true,
    irreversible: inverse.kind === 'irreversible',
    'high-risk': risk.level === 'high',
    outage: disruption.isOutage,
    money: money.monthly > 0,
    cloud: changes.some(({ kind }) => kind === 'cloud'),
    delete: changes.some(({ kind }) => kind === 'delete'),
    access: changes.some((change) => change.kind === 'cloud' && change.call.operation === 'grant-role'),
  };
  return new Set((Object.keys(holds) as Scope[]).filter((scope) => holds[scope]));
}
