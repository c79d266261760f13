/** An Ingress that no controller is named for. */
import { refOf, timeOf, type KindMap } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { CLASS_ANNOTATION, classOf, hasIngressAddress, isBuiltIn, isGke } from '../../services/ingress-classes.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';

type Ingress = KindMap['Ingress'];

const GROUP = 'networking.k8s.io';

/** Facts: class (`''` where none is named), from (`spec`, `annotation`, `none`), served (whether it has an address all the same). */
export const rule: Rule = {
  code: 'ingress-class-missing',
  title: 'No controller is named for an Ingress',
  severity: 'high',
  explanation:
    'The Ingress names an IngressClass that does not exist, or none while the cluster has no default class, so no controller acts on it and none of its hosts is served. Low where it has an address all the same, since a controller then takes it by name or without a class; where the class stands in the old annotation, which controllers match by themselves; and where IngressClasses were not read. The rule stays silent for classes that controllers know without an object (gce, gce-internal and the like), for an Ingress without class on GKE, whose controller takes it, and within the grace period.',
  remediation: {
    class: 'repair-network',
    text: 'Set spec.ingressClassName to a class that exists (kubectl get ingressclass), or install the controller that brings the class.',
  },
  aliases: { k8sgpt: ['Ingress/1', 'Ingress/2'] },
  needs: [],
  *check(examination) {
    const { graceMs } = examination.thresholds;
    for (const ingress of livingOf(examination, 'Ingress')) {
      if ((examination.ageMs(ingress.metadata.creationTimestamp) ?? Infinity) < graceMs) continue;
      const found = missing(examination, ingress);
      if (found !== undefined) yield found;
    }
  },
};

function missing(examination: Examination, ingress: Ingress): FindingDraft | undefined {
  const { snapshot } = examination;
  const { name, from } = classOf(examination, ingress);
  if (from === 'default' || isBuiltIn(name) || (from === 'none' && isGke(examination))) return undefined;
  if (from !== 'none' && snapshot.get('IngressClass', '', name) !== undefined) return undefined;
  const absence = absenceOf(snapshot, GROUP, 'IngressClass', '');
  if (absence === 'unknown') return undefined;
  const served = hasIngressAddress(ingress);
  const { namespace = '', name: own, creationTimestamp } = ingress.metadata;
  const what =
    from === 'none'
      ? `names no IngressClass, and ${absence === 'certain' ? 'the cluster has no default one' : 'no default one is among what was read'}`
      : `asks for IngressClass ${name}, which ${absence === 'certain' ? 'does not exist' : 'is not among what was read'}`;
  return {
    resource: refOf(ingress),
    severity: absence === 'certain' && !served && from !== 'annotation' ? 'high' : 'low',
    message: `Ingress ${namespace}/${own} ${what}${served ? '; it has an address all the same' : absence === 'certain' && from !== 'annotation' ? '; no controller acts on it' : ''}.`,
    evidence: [
      from === 'annotation'
        ? fieldEvidence(ingress, `metadata.annotations['${CLASS_ANNOTATION}']`, name)
        : fieldEvidence(ingress, 'spec.ingressClassName', name === '' ? '(none)' : name),
      absenceEvidence('IngressClass', '', name === '' ? '(default)' : name, 'not among the IngressClasses', GROUP),
    ],
    facts: { class: name, from, served },
    since: timeOf(creationTimestamp),
  };
}
