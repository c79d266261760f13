/** A Service whose selector matches no pod and no template. */
import { namespacedName, refKey, refOf, refText, selectorText, timeOf, type Service } from '@aia/cluster';
import { absenceEvidence, fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { Evidence } from '../../evidence.ts';
import { knownFacts, type FindingDraft, type Severity } from '../../finding.ts';
import { hasAddress } from '../../services/load-balancers.ts';
import { nearestWorkload, type NearestWorkload } from '../../services/nearest-workload.ts';
import { routedServices } from '../../services/routed-services.ts';
import type { Rule } from '../../rule.ts';
import { backings } from '../../services/service-endpoints.ts';

/**
 * Facts: selector; where a workload differs by one label: workload (`refKey`), label, wanted, found (absent where the template
 * lacks the label), drifted, revision (the last one that the selector matched).
 */
export const rule: Rule = {
  code: 'service-selects-nothing',
  title: 'Service selects no pod',
  severity: 'high',
  explanation:
    'The selector of the Service matches neither a pod nor the template of a workload in its namespace, so it has no endpoint and every connection to it fails. Usual causes are a label that was renamed on one side, a selector with one label too many, or a workload that was removed. High where a workload that no other Service selects differs by a single label, where an Ingress or a route sends traffic to the Service, or where it has the address of a load balancer. Low otherwise: nobody is seen to need it, and what is left over from a removed workload, or selects what only exists at times (replicas, leaders, components that a managed control plane hides), is no failure; low also where pods were not read. The rule stays silent for Services without selector, whose addresses are set by hand, of type ExternalName, younger than the grace period or being deleted, and where endpoints are listed all the same.',
  remediation: {
    class: 'repair-network',
    text: 'Make the selector and the labels of the pod template agree again, or remove the Service if its workload is gone for good.',
  },
  aliases: {
    k8sgpt: ['Service/1'],
    popeye: ['1100', '1105', '1110'],
    'kube-score': ['service-targets-pod'],
    'kube-linter': ['dangling-service'],
  },
  needs: [],
  *check(examination) {
    const unselected = [...backings(examination).values()].filter(({ state }) => state === 'unselected');
    const certain = new Map(unselected.map(({ service, arePodsRead }) => [service, arePodsRead]));
    for (const service of inOrder([...certain.keys()]))
      if (examination.judges(service.metadata.namespace ?? ''))
        yield selectsNothing(examination, service, certain.get(service) === true);
  },
};

function selectsNothing(examination: Examination, service: Service, isCertain: boolean): FindingDraft {
  const nearest = nearestWorkload(examination, service);
  const selector = selectorText({ matchLabels: service.spec?.selector ?? {} });
  const what = isCertain
    ? 'which no pod and no pod template of its namespace carries'
    : 'which no pod template of its namespace carries; its pods are not among what was read';
  return {
    resource: refOf(service),
    severity: severityOf(examination, service, nearest, isCertain),
    message: `Service ${namespacedName(service)} selects ${selector}, ${what}${nearest === undefined ? '' : `; ${nearestText(nearest)}`}.`,
    evidence: evidenceOf(service, selector, nearest),
    facts: knownFacts({
      selector,
      workload: nearest && refKey(refOf(nearest.workload)),
      label: nearest?.key,
      wanted: nearest?.wanted,
      found: nearest?.found,
      drifted: nearest?.isDrifted,
      revision: nearest?.before?.revision,
    }),
    since: timeOf(service.metadata.creationTimestamp),
  };
}

function severityOf(
  examination: Examination,
  service: Service,
  nearest: NearestWorkload | undefined,
  isCertain: boolean,
): Severity {
  if (!isCertain) return 'low';
  const isUsed = routedServices(examination).has(namespacedName(service)) || hasAddress(service);
  const isOwned = (service.metadata.ownerReferences ?? []).length > 0;
  return isUsed || (nearest?.isDrifted === true && !isOwned) ? 'high' : 'low';
}

function nearestText({ workload, key, wanted, found, before }: NearestWorkload): string {
  const has = found === undefined ? `lacks the label ${key}` : `has ${key}=${found}`;
  const then =
    before === undefined ? '' : `, and the selector last matched its revision ${before.revision || before.name}`;
  return `${refText(refOf(workload))} comes nearest: it ${has} where the selector asks for ${key}=${wanted}${then}`;
}

function evidenceOf(service: Service, selector: string, nearest: NearestWorkload | undefined): readonly Evidence[] {
  const { namespace = '' } = service.metadata;
  return [
    fieldEvidence(service, 'spec.selector', selector),
    ...(nearest === undefined
      ? []
      : [
          fieldEvidence(nearest.workload, `spec.template.metadata.labels['${nearest.key}']`, nearest.found ?? '(none)'),
        ]),
    absenceEvidence('Pod', namespace, selector, 'no pod of the namespace carries these labels'),
  ];
}
