/** Refusals of a scale-up for reasons other than quota, stock-out, addresses and the pool's maximum. */
import type { Evidence } from '../../../evidence.ts';
import type { RemediationClass } from '../../../rule.ts';
import { STRENGTH } from '../../hypothesis.ts';
import type { Case } from './case.ts';

/** One such reason with what was said. */
export interface OtherRefusal {
  readonly cause: string;
  readonly title: string;
  /** Completes "…, and …". */
  readonly why: string;
  readonly observation: string;
  readonly ratio: number;
  readonly groups: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly remediation: { readonly class: RemediationClass; readonly text: string };
}

interface Row {
  readonly title: string;
  readonly why: string;
  readonly remediation: readonly [RemediationClass, string];
}

const ROWS: Readonly<Record<string, Row>> = {
  permission: {
    title: 'The autoscaler lacks a permission to add nodes',
    why: 'the cloud refuses it for lack of a permission',
    remediation: ['change-access', 'Grant the permission that the message names.'],
  },
  'service-account': {
    title: "The nodes' service account is gone",
    why: 'the service account that its nodes run as was deleted or cannot be used',
    remediation: ['change-access', 'Restore the service account, or give the pool another one.'],
  },
  reservation: {
    title: 'The reservation that the pool is bound to cannot be used',
    why: 'the reservation that it is bound to is missing, full or does not match',
    remediation: ['change-placement', 'Correct or enlarge the reservation, or let the pool do without it.'],
  },
  'organisation-policy': {
    title: 'An organisation policy forbids the node',
    why: 'an organisation policy forbids a node like it',
    remediation: ['change-access', 'Meet the policy, for example by private nodes, or have it changed.'],
  },
  'cluster-limit': {
    title: "The autoscaler's own limit for the cluster is reached",
    why: 'the limit on CPU, memory or nodes that the autoscaler is given for the cluster is reached',
    remediation: ['add-capacity', 'Raise the limit of the autoscaler or of node auto-provisioning.'],
  },
  timeout: {
    title: 'New nodes were asked for and did not register in time',
    why: 'the nodes that were asked for did not register in time',
    remediation: ['repair-node', 'Look at the serial console of a new node: network, service account, start script.'],
  },
  throttled: {
    title: 'The cloud answers fewer calls than the autoscaler makes',
    why: 'the cloud limits the rate of calls to its API',
    remediation: ['investigate', 'Find what else calls the API of the project so often; the autoscaler tries again.'],
  },
  'invalid-request': {
    title: "The cloud rejects the pool's configuration",
    why: "the cloud rejects the pool's configuration",
    remediation: ['add-capacity', 'Correct what the message names in the node pool.'],
  },
  other: {
    title: 'The cloud refuses further nodes for a reason of its own',
    why: 'the cloud refuses it for another reason',
    remediation: ['investigate', "Read the autoscaler's event."],
  },
};

/** One entry per reason, in the order of the table. */
export function otherRefusals({ refused }: Case): readonly OtherRefusal[] {
  return Object.entries(ROWS).flatMap(([cause, row]) => {
    const said = refused.get(cause);
    if (said === undefined) return [];
    const [remedy, text] = row.remediation;
    return [
      {
        ...row,
        cause,
        observation: cause === 'other' ? 'a scale-up was refused in words that are not known' : 'the refusal says so',
        ratio: cause === 'other' ? STRENGTH.measured : STRENGTH.stated,
        groups: said.flatMap(({ groups }) => groups),
        evidence: said.slice(0, 3).map(({ evidence }) => evidence),
        remediation: { class: remedy, text },
      },
    ];
  });
}
