/** A Service that GKE's Ingress cannot send traffic to. */
import { refOf, timeOf, type KindMap, type Service } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { ingressBackends } from '../../services/ingress-backends.ts';
import { classOf, controllerOf } from '../../services/ingress-classes.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

type Ingress = KindMap['Ingress'];

const NEG = 'cloud.google.com/neg';
/** Written by the controller once the groups exist. */
const NEG_STATUS = 'cloud.google.com/neg-status';

/** Facts: service (`namespace/name`), type. */
export const rule: Rule = {
  code: 'ingress-backend-type-unsupported',
  title: "GKE's Ingress cannot reach a Service of this type",
  severity: 'high',
  explanation:
    "GKE's load balancer reaches a Service by the node ports of type NodePort or LoadBalancer, or by network endpoint groups, which the annotation cloud.google.com/neg asks for; an internal one needs the groups. A Service of type ClusterIP without them cannot be a backend, and the controller refuses the Ingress. Newer clusters set the annotation by themselves when a Service is created. The rule stays silent for Ingresses of other classes and where the groups exist.",
  remediation: {
    class: 'repair-network',
    text: `Annotate the Service with cloud.google.com/neg: '{"ingress": true}', or make it NodePort.`,
  },
  aliases: { gcpdiag: ['gke/WARN/2024_005'] },
  needs: [],
  *check(examination) {
    for (const ingress of livingOf(examination, 'Ingress')) {
      if (controllerOf(examination, ingress) !== 'gce') continue;
      const isInternal = classOf(examination, ingress).name === 'gce-internal';
      const { namespace = '' } = ingress.metadata;
      for (const name of new Set(ingressBackends(ingress).map(({ service }) => service))) {
        const service = examination.snapshot.get('Service', namespace, name);
        if (service !== undefined && !isReachable(service, isInternal)) yield unsupported(ingress, service, isInternal);
      }
    }
  },
};

function isReachable({ spec, metadata }: Service, isInternal: boolean): boolean {
  const { [NEG]: asked = '', [NEG_STATUS]: status = '' } = metadata.annotations ?? {};
  if (status !== '' || /"ingress"\s{0,9}:\s{0,9}true|"exposed_ports"/.test(asked)) return true;
  return !isInternal && (spec?.type === 'NodePort' || spec?.type === 'LoadBalancer');
}

function unsupported(ingress: Ingress, service: Service, isInternal: boolean): FindingDraft {
  const type = service.spec?.type ?? 'ClusterIP';
  const { namespace = '' } = ingress.metadata;
  return {
    resource: refOf(ingress),
    part: service.metadata.name,
    message: `Ingress ${namespace}/${ingress.metadata.name} sends traffic to Service ${namespace}/${service.metadata.name}, which is of type ${type} and has no network endpoint groups; GKE cannot reach it${isInternal ? ' from an internal load balancer' : ''}.`,
    evidence: [
      fieldEvidence(service, 'spec.type', type),
      fieldEvidence(service, `metadata.annotations['${NEG}']`, service.metadata.annotations?.[NEG] ?? '(none)'),
    ],
    facts: { service: `${namespace}/${service.metadata.name}`, type },
    since: timeOf(ingress.metadata.creationTimestamp),
  };
}
