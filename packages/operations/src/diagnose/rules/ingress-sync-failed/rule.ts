/** An Ingress that its controller cannot put into effect. */
import { eventTime, refOf, timeOf, type KindMap } from '@aia/cluster';
import { eventEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import { hasIngressAddress } from '../../services/ingress-classes.ts';
import { syncFailure } from '../../services/ingress-sync.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { briefly } from '../../wording.ts';

type Ingress = KindMap['Ingress'];

/** Facts: reason, cause (as the cloud says), metric, region; for a port: port, error. */
export const rule: Rule = {
  code: 'ingress-sync-failed',
  title: 'Controller cannot put an Ingress into effect',
  severity: 'high',
  explanation:
    "The newest warning of the controller on the Ingress says that it cannot build or update what the Ingress asks for (GKE's Translate and Sync, the models of AWS load balancers, a configuration that NGINX rejects), or the status names an error for a port. High while it has no address; medium where it has one, since what was there before goes on serving; info for warnings that AIA does not know. The rule stays silent about warnings of more than a day ago, or of more than an hour where the Ingress has an address, and about those that a success has followed.",
  remediation: { class: 'repair-network', text: 'Mend what the event names; the controller tries again by itself.' },
  aliases: { popeye: ['1400'], gcpdiag: ['gke/ERR/2023_004'] },
  needs: [],
  *check(examination) {
    for (const ingress of livingOf(examination, 'Ingress')) {
      yield* failedPorts(ingress);
      const found = failed(examination, ingress);
      if (found !== undefined) yield found;
    }
  },
};

function failed(examination: Examination, ingress: Ingress): FindingDraft | undefined {
  const failure = syncFailure(examination, ingress);
  if (failure === undefined) return undefined;
  const { event, words, refusal, isKnown } = failure;
  const isServed = hasIngressAddress(ingress);
  const { namespace = '', name } = ingress.metadata;
  return {
    resource: refOf(ingress),
    severity: !isKnown ? 'info' : isServed ? 'medium' : 'high',
    message: `Ingress ${namespace}/${name} ${isServed ? 'keeps its address' : 'has no address'}, and its controller says: ${briefly(words) || event.reason || 'a warning'}.`,
    evidence: [eventEvidence(event)],
    facts: knownFacts({
      reason: event.reason,
      cause: refusal?.cause,
      metric: refusal?.metric,
      region: refusal?.region,
    }),
    since: eventTime(event),
  };
}

function* failedPorts(ingress: Ingress): Iterable<FindingDraft> {
  const { namespace = '', name, creationTimestamp } = ingress.metadata;
  for (const [i, { ports = [] }] of (ingress.status?.loadBalancer?.ingress ?? []).entries())
    for (const [j, { port = 0, protocol = 'TCP', error = '' }] of ports.entries())
      if (error !== '')
        yield {
          resource: refOf(ingress),
          part: `${i}/${port}/${protocol}`,
          message: `Ingress ${namespace}/${name} does not serve port ${port}/${protocol}: ${briefly(error)}.`,
          evidence: [fieldEvidence(ingress, `status.loadBalancer.ingress[${i}].ports[${j}].error`, error)],
          facts: { port, error },
          since: timeOf(creationTimestamp),
        };
}
