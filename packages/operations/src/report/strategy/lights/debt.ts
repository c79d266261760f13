import type { AssessedFinding } from '@aia/contract';
import { counted } from '../../counted.ts';
import { LEAST_CONFIDENCE } from './health.ts';
import type { LightRule } from './light.ts';

const WEIGHTS: Readonly<Partial<Record<AssessedFinding['severity'], number>>> = { high: 5, medium: 3, low: 1 };

/** What works for now and will cost later. */
export const debt: LightRule = {
  id: 'debt',
  name: 'Technical debt',
  formula:
    'findings that no critical root cause explains, high × 5, medium × 3, low × 1, ÷ workloads: red from 2, yellow from 0.5, green below; unknown without workloads, or where it is green with a confidence below 60 %',
  words: { green: 'small', yellow: 'manageable', red: 'heavy', unknown: 'not known: too little was read' },
  show: ({ assessment: { findings, rootCauses, verdict }, inventory: { workloads } }) => {
    const critical = new Set(rootCauses.filter(({ severity }) => severity === 'critical').map(({ id }) => id));
    const left = findings.filter(
      ({ explainedBy, severity }) => WEIGHTS[severity] !== undefined && !critical.has(explainedBy ?? ''),
    );
    const points = left.reduce((sum, { severity }) => sum + (WEIGHTS[severity] ?? 0), 0);
    const count = (severity: string) => left.filter((one) => one.severity === severity).length;
    const basis = `${count('high')} high, ${count('medium')} medium, ${count('low')} low; ${points} points over ${counted(workloads, 'workload')}`;
    if (workloads === 0) return { colour: 'unknown', basis: 'no workload was read' };
    const perWorkload = points / workloads;
    if (perWorkload >= 2) return { colour: 'red', basis };
    if (perWorkload >= 0.5) return { colour: 'yellow', basis };
    return { colour: verdict.confidence < LEAST_CONFIDENCE ? 'unknown' : 'green', basis };
  },
};
