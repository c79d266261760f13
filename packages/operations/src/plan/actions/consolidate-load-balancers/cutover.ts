/** Pointing clients elsewhere: a step for people, since DNS and what others have written down are not part of the cluster. */
import { refText } from '@aia/cluster';
import type { Balancer } from '../../network/balancers.ts';
import { draftId, type ActionDraft } from '../../remedy.ts';
import { internaliseDraft } from '../internalise-service/internalise-service.ts';
import { addressText, reservationDraft } from '../reserve-address/reserve-address.ts';
import type { Planning } from '../../planning.ts';
import type { Moved } from './reduction.ts';

/** Name of the kind; kept here, so that what it is made of can name it. */
export const KIND = 'consolidate-load-balancers';

/** Where clients are to go. */
export interface Destination {
  /** As in `Service shop/web (34.1.2.3)`. */
  readonly text: string;
  /** Ids of actions that make it. */
  readonly after: readonly string[];
}

/** What moving clients away takes: tell them, keep the address, and only then take the load balancer away. `moved`: of one namespace. */
export function cutoverDrafts(
  moved: readonly Balancer[],
  destination: (one: Balancer) => Destination,
  planning: Planning,
): readonly ActionDraft[] {
  const [first] = moved;
  if (first === undefined) return [];
  const tell = tellingDraft(first, moved, destination);
  const reserve = reservationDraft(moved, planning);
  const after = [draftId(tell), ...(reserve === undefined ? [] : [draftId(reserve)])];
  const become = internaliseDraft(moved, {
    part: 'moved',
    why: 'Their clients were pointed to what leads to the same workloads.',
    confidence: 0.8,
    after,
    preconditions: [{ kind: 'told', statement: statementOf(moved) }],
    risks: [{ reason: 'a client that nobody knew of may still use an address that goes', adds: 0.12 }],
  });
  const reserved = reserve === undefined ? [] : [{ ...reserve, after: [draftId(tell)] }];
  return [tell, ...reserved, become];
}

/** Where a doubled load balancer's clients go. */
export function destinationOf({ from, to }: Moved): Destination {
  return { text: to === undefined ? (from.route ?? '') : addressText(to), after: [] };
}

function tellingDraft(
  first: Balancer,
  moved: readonly Balancer[],
  destination: (one: Balancer) => Destination,
): ActionDraft {
  const lines = moved.map((one) => `${addressText(one)}${namesText(one)} → ${destination(one).text}`);
  return {
    kind: KIND,
    title: `Point clients of ${moved.length === 1 ? refText(first.ref) : `${moved.length} load balancers of namespace ${first.ref.namespace}`} elsewhere`,
    target: first.ref,
    part: 'cutover',
    reason:
      'An address with ready endpoints behind it is taken to be in use. Who uses it, by DNS or by number, is known outside of the cluster alone, so that people have to point these clients elsewhere before anything goes.',
    evidence: moved.slice(0, 12).map((one) => ({ kind: 'calculation', text: `${addressText(one)} carries traffic.` })),
    confidence: 0.8,
    changes: [
      {
        kind: 'manual',
        instruction: `Point DNS records and whoever uses these addresses directly to what leads to the same: ${lines.join('; ')}. Lower the TTL of the records first, and wait until the old addresses have had no connection for a day.`,
      },
    ],
    after: [...new Set(moved.flatMap((one) => destination(one).after))],
    probe: { conditions: [{ kind: 'told', statement: statementOf(moved) }] },
    durationMs: { optimistic: 3_600_000, likely: 24 * 3_600_000, pessimistic: 7 * 24 * 3_600_000 },
  };
}

function statementOf(moved: readonly Balancer[]): string {
  return `nobody uses ${moved.map(addressText).join(', ')} any more`;
}

function namesText({ hosts }: Balancer): string {
  return hosts.length === 0 ? '' : `, known as ${hosts.join(', ')}`;
}
