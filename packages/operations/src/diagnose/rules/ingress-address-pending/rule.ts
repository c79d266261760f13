/** An Ingress that waits for an address although its controller gives one. */
import { refOf, timeOf, type KindMap } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { classOf, controllerOf, hasIngressAddress, isBuiltIn } from '../../services/ingress-classes.ts';
import { syncFailure } from '../../services/ingress-sync.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { durationText } from '../../wording.ts';

type Ingress = KindMap['Ingress'];

/** A load balancer of a cloud takes so long. */
const SLOW_MS = 15 * 60_000;

/** Facts: class. */
export const rule: Rule = {
  code: 'ingress-address-pending',
  title: 'Ingress has no address',
  severity: 'medium',
  explanation:
    'The controller has not given the Ingress an address, although it gives one to others of its class, or its class is one of a cloud that always does. Its hosts are then not served, or their DNS records cannot be kept. The rule stays silent for a quarter of an hour, where the controller says what it cannot do (another finding), where the class does not exist, and where no Ingress of its class has an address, since many controllers never publish one.',
  remediation: {
    class: 'investigate',
    text: "Look at the events of the Ingress and at the log of its class' controller.",
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const publishing = new Set(
      examination.snapshot
        .list('Ingress')
        .filter(hasIngressAddress)
        .map((ingress) => classOf(examination, ingress).name),
    );
    for (const ingress of livingOf(examination, 'Ingress')) {
      if (!isPending(examination, ingress, publishing)) continue;
      const { namespace = '', name, creationTimestamp } = ingress.metadata;
      const age = examination.ageMs(creationTimestamp);
      const choice = classOf(examination, ingress).name;
      yield {
        resource: refOf(ingress),
        message: `Ingress ${namespace}/${name} has waited ${age === undefined ? 'for an unknown time' : durationText(age)} for an address${choice === '' ? '' : ` of class ${choice}`}.`,
        evidence: [fieldEvidence(ingress, 'status.loadBalancer.ingress', '(none)')],
        facts: { class: choice },
        since: timeOf(creationTimestamp),
      };
    }
  },
};

function isPending(examination: Examination, ingress: Ingress, publishing: ReadonlySet<string>): boolean {
  // A manifest without a status was never in a cluster, so nothing can be pending.
  if (ingress.status === undefined || hasIngressAddress(ingress)) return false;
  if ((examination.ageMs(ingress.metadata.creationTimestamp) ?? Infinity) < SLOW_MS) return false;
  const { name, from } = classOf(examination, ingress);
  const isOfCloud = ['gce', 'alb'].includes(controllerOf(examination, ingress));
  if (!isOfCloud && !publishing.has(name)) return false;
  const isClassGone =
    from === 'spec' &&
    !isBuiltIn(name) &&
    examination.snapshot.get('IngressClass', '', name) === undefined &&
    absenceOf(examination.snapshot, 'networking.k8s.io', 'IngressClass', '') === 'certain';
  return !isClassGone && syncFailure(examination, ingress)?.isKnown !== true;
}
