/** Who has to approve an action, by the policy. */
import type { Action, Change } from '@aia/contract';
import type { ApprovalScope, Policy } from '../../policy/policy.ts';

type Judged = Pick<Action, 'inverse' | 'disruption' | 'risk' | 'money' | 'delivery'> & {
  readonly changes: readonly Change[];
};

/** What makes a person necessary, whatever the policy says. */
const ALWAYS: ReadonlySet<ApprovalScope> = new Set(['irreversible', 'high-risk', 'outage']);

const WORDS: Readonly<Record<ApprovalScope, string>> = {
  everything: 'the policy has every change approved',
  irreversible: 'it cannot be undone',
  'high-risk': 'its risk is high',
  outage: 'something stops answering meanwhile',
  money: 'it costs more',
  cloud: 'it changes the cloud',
  delete: 'it deletes something',
};

/** Approvers whose scopes the action falls into, and why a person is needed. */
export function approvalOf(action: Judged, { approvers }: Policy): Action['approval'] {
  const scopes = scopesOf(action);
  const asked = approvers.filter((one) => one.for.some((scope) => scopes.has(scope)));
  const reasons = [...scopes].filter((scope) => ALWAYS.has(scope) || asked.some((one) => one.for.includes(scope)));
  return {
    isNeeded: reasons.length > 0,
    approvers: asked.map(({ name }) => name),
    reasons: reasons.map((scope) => WORDS[scope]),
  };
}

function scopesOf({ inverse, disruption, risk, money, changes }: Judged): ReadonlySet<ApprovalScope> {
  const holds: Readonly<Record<ApprovalScope, boolean>> = {
    everything: true,
    irreversible: inverse.kind === 'irreversible',
    'high-risk': risk.level === 'high',
    outage: disruption.isOutage,
    money: money.monthly > 0,
    cloud: changes.some(({ kind }) => kind === 'cloud'),
    delete: changes.some(({ kind }) => kind === 'delete'),
  };
  return new Set((Object.keys(holds) as ApprovalScope[]).filter((scope) => holds[scope]));
}
