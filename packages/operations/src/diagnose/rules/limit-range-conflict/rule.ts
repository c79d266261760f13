/** A LimitRange refuses every further pod of a workload, calculated where no refusal was seen. */
import { refKey, refOf, refText } from '@aia/cluster';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { FindingDraft } from '../../finding.ts';
import { limitRangesIn, violationsOf, type Violation } from '../../namespaces/limit-ranges.ts';
import { missingPods } from '../../pods/missing-pods.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';
import { workloadTemplates, type WorkloadTemplate } from '../../workloads/workload-templates.ts';

/** Facts: workload, limitRange (its name), resources, lacking (pods that do not exist and are wanted). */
export const rule: Rule = {
  code: 'limit-range-conflict',
  title: 'LimitRange forbids the pods of a workload',
  severity: 'medium',
  explanation:
    'The requests or limits of a pod template, with the defaults that the namespace gives, lie outside a LimitRange: below its minimum, above ' +
    'its maximum, in a larger ratio than allowed, or requesting more than the default limit. The API server refuses every pod that is made ' +
    'from such a template, so none is ever Pending. It is calculated from the LimitRange, so it is seen before the refusal and tells which ' +
    'bound is meant. It is high while the workload has fewer pods than it wants, and medium while all its pods run: they were made before ' +
    'the LimitRange, and the next one that must be replaced cannot be. The rule stays silent for workloads scaled to zero or suspended.',
  remediation: {
    class: 'resize-requests',
    text: "Bring the template's requests and limits into the range, or change the LimitRange.",
  },
  aliases: {},
  needs: [],
  *check(examination) {
    if (examination.snapshot.list('LimitRange').length === 0) return;
    for (const template of workloadTemplates(examination)) {
      if (template.holder.kind === 'Pod') continue;
      const ranges = limitRangesIn(examination.snapshot, template.namespace);
      const violations = violationsOf(template.spec, ranges);
      for (const group of Map.groupBy(violations, ({ range }) => range).values())
        yield conflict(examination, template, group);
    }
  },
};

function conflict(
  examination: Examination,
  { workload, holder, path }: WorkloadTemplate,
  group: readonly Violation[],
): FindingDraft {
  const [{ range }] = group as [Violation, ...Violation[]];
  const resource = refOf(workload);
  const lacking = missingPods(examination, holder);
  const told = group.map(({ container, text }) => `${text}${container === '' ? '' : ` in ${container}`}`);
  const effect = lacking > 0 ? `${lacking} of its pods cannot be created` : 'its next pod cannot be created';
  return {
    resource,
    part: range.metadata.name,
    severity: lacking > 0 ? 'high' : 'medium',
    message: `LimitRange ${range.metadata.name} forbids the pods of ${refText(resource)}, ${effect}: ${told.slice(0, 3).join('; ')}${told.length > 3 ? '; …' : ''}.`,
    evidence: [
      fieldEvidence(range, 'spec.limits', JSON.stringify(range.spec?.limits ?? [])),
      ...unique(told).map((text) => ({
        kind: 'calculation' as const,
        text: `${path} of ${refText(refOf(holder))}: ${text}`,
      })),
    ],
    facts: {
      workload: refKey(resource),
      limitRange: range.metadata.name,
      resources: unique(group.map((one) => one.resource)),
      lacking,
    },
  };
}
