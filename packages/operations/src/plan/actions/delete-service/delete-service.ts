/** Load balancers that lead nowhere go. */
import { refText } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { balancersOf, type Balancer } from '../../network/balancers.ts';
import type { ActionDraft, ActionKind } from '../../remedy.ts';
import { grouped, listed } from '../internalise-service/internalise-service.ts';

const MINUTE = 60_000;

/** Deletes Services of type LoadBalancer behind which nothing is. */
export const deleteService: ActionKind = {
  kind: 'delete-service',
  title: 'Delete a load balancer that leads nowhere',
  explanation:
    'Deletes Services of type LoadBalancer whose selector no pod and no workload of the namespace matches, which no workload was likely meant for, which no Ingress and no route leads to, and which no environment, argument, ConfigMap or custom resource names. Refuses where pods were not read. The inverse makes the Service again; an address that it had is not given back.',
  capability: 'networking',
  prior: { alpha: 19, beta: 1, basis: 'nothing answers behind it, so nothing is lost' },
  durationMs: { optimistic: MINUTE, likely: 2 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.05,
  propose: (planning) => {
    const orphans = balancersOf(planning).filter(({ isOrphan, isOpen }) => isOrphan && isOpen);
    const keys = new Set(orphans.map(({ key }) => key));
    return planning.causesOf('load-balancer-*', 'service-selects-nothing').flatMap((cause) => {
      const named = planning
        .findingsOf(cause)
        .filter(({ code }) => code === 'load-balancer-pending' || code === 'service-selects-nothing')
        .map(({ resource }) => `${resource.namespace}/${resource.name}`);
      if (named.length === 0 || !named.every((key) => keys.has(key))) return [];
      const group = orphans.filter(({ key }) => named.includes(key));
      const title = `Delete ${listed(group)}`;
      return [{ title, resolves: [cause.id], fit: 0.9, drafts: grouped(group).map((one) => deletionDraft(one)) }];
    });
  },
};

/** One action for Services of one namespace. `group`: not empty. */
export function deletionDraft(group: readonly Balancer[]): ActionDraft {
  const [first] = group as readonly [Balancer];
  const addressed = group.flatMap(({ addresses }) => addresses);
  return {
    kind: deleteService.kind,
    title:
      group.length === 1
        ? `Delete ${refText(first.ref)}, which leads nowhere`
        : `Delete ${group.length} load balancers of namespace ${first.ref.namespace} that lead nowhere`,
    target: first.ref,
    part: 'orphans',
    reason: `${listed(group)}: no pod and no workload of the namespace matches their selectors, no Ingress or route leads to them, and no configuration names them, so that nothing answers behind them.`,
    evidence: group
      .slice(0, 12)
      .map(({ service }) => fieldEvidence(service, 'spec.selector', JSON.stringify(service.spec?.selector ?? {}))),
    confidence: 0.85,
    changes: group.map(({ ref }): Change => ({ kind: 'delete', target: ref })),
    probe: { conditions: group.map(({ ref }) => ({ kind: 'absent', target: ref })) },
    risks:
      addressed.length === 0
        ? []
        : [{ reason: `undone, they would get other addresses than ${addressed.join(', ')}`, adds: 0.08 }],
  };
}
