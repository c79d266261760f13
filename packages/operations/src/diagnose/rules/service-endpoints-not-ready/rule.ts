/** A Service of which some endpoints are ready and some are not. */
import { namespacedName, refKey, refOf } from '@aia/cluster';
import { conditionOf, isReady } from '../../conditions.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { backings, isPodSettling, type Backing } from '../../services/service-endpoints.ts';
import { listText } from '../../wording.ts';

/** Facts: ready, notReady, workloads (`refKey`s), pods (`namespace/name` of those that are not ready). */
export const rule: Rule = {
  code: 'service-endpoints-not-ready',
  title: 'Some endpoints of a Service are not ready',
  severity: 'low',
  explanation:
    'Some of the pods behind the Service are not ready and get no traffic; the others serve. That is no failure of the Service, but it carries more than it was sized for, and what holds the pods back has a finding of its own. The rule stays silent while the pods are only starting, and for Services that publish addresses that are not ready.',
  remediation: { class: 'investigate', text: 'Look at why these pods are not ready.' },
  aliases: { k8sgpt: ['Service/2'] },
  needs: [],
  *check(examination) {
    const all = backings(examination);
    const partly = [...all.values()].filter(({ state }) => state === 'partly');
    for (const service of inOrder(partly.map((one) => one.service))) {
      const backing = all.get(namespacedName(service));
      if (backing !== undefined && examination.judges(service.metadata.namespace ?? ''))
        yield* notReady(examination, backing);
    }
  },
};

function* notReady(examination: Examination, backing: Backing): Iterable<FindingDraft> {
  const { service, endpoints, pods } = backing;
  const { namespace = '' } = service.metadata;
  const settled = inOrder(pods.filter((pod) => !isReady(pod) && !isPodSettling(examination, pod)));
  const isRead = pods.length > 0;
  if (isRead && settled.length === 0) return;
  const names = isRead ? settled.map(({ metadata }) => metadata.name) : (endpoints?.unreadyPods ?? []);
  const count = isRead ? names.length : (endpoints?.notReady ?? 0);
  const ready = endpoints?.ready ?? pods.filter(isReady).length;
  yield {
    resource: refOf(service),
    message: `${count} of ${count + ready} endpoints of Service ${namespacedName(service)} ${count === 1 ? 'is' : 'are'} not ready${names.length === 0 ? '' : ` (${listText(names)})`}; the others serve.`,
    evidence: [
      ...(endpoints === undefined
        ? []
        : [
            fieldEvidence(
              endpoints.object,
              endpoints.kind === 'Endpoints' ? 'subsets' : 'endpoints',
              `${endpoints.ready} ready, ${endpoints.notReady} not ready`,
            ),
          ]),
      ...settled.slice(0, 3).flatMap((pod) => {
        const condition = conditionOf(pod.status?.conditions, 'Ready');
        return [
          fieldEvidence(
            pod,
            condition === undefined ? 'status.phase' : `${condition.path}.status`,
            condition?.status ?? pod.status?.phase ?? '(none)',
          ),
        ];
      }),
    ],
    facts: {
      ready,
      notReady: count,
      workloads: unique(settled.map((pod) => refKey(refOf(examination.workloadOf(pod))))).slice(0, 20),
      pods: names.slice(0, 50).map((name) => `${namespace}/${name}`),
    },
  };
}
