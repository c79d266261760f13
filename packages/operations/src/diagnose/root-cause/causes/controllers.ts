/** Controllers that fall behind: one of them stands still for all workloads of its kinds. */
import { refText } from '@aia/cluster';
import { ruleOf } from '../../catalogue.ts';
import { isSerious } from '../../finding.ts';
import { listText } from '../../wording.ts';
import { effectsOn, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';

const CODE = 'workload-not-observed';

/** Only of several workloads; a single one speaks for itself. */
export function explainByIdleControllers({ findings }: CauseContext): readonly Hypothesis[] {
  const lagging = findings.ofCode(CODE).filter(isSerious);
  if (lagging.length < 2) return [];
  const names = lagging.map(({ resource }) => refText(resource));
  return [
    {
      class: CODE,
      resource: { group: '', kind: 'Cluster', namespace: '', name: 'controllers' },
      title: `Controllers do not take up changes of ${lagging.length} workloads`,
      statement: `${listText(names, 5)} were changed and not looked at since: what looks after them is down, overloaded or refused.`,
      effects: effectsOn(lagging, 'nobody looks at what was changed'),
      evidence: lagging.flatMap(({ evidence }) => evidence.slice(0, 2)).slice(0, 6),
      weighings: [{ observation: 'several workloads lag at once', ratio: STRENGTH.typical }],
      remediation: ruleOf(CODE)?.remediation ?? { class: 'investigate', text: 'Look at the evidence.' },
    },
  ];
}
