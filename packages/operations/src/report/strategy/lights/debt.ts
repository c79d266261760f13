import type { AssessedFinding } from '@aia/contract';
import { counted } from '../../counted.ts';
import { LEAST_CONFIDENCE } from './health.ts';
import type { LightRule } from './light.ts';

type Severity = AssessedFinding['severity'];

const WEIGHTS: Readonly<Partial<Record<Severity, number>>> = { high: 5, medium: 3, low: 1 };

/** What works for now and will cost later. */
export const debt: LightRule = {
  id: 'debt',
  name: 'Technical debt',
  formula:
    'what no critical root cause explains, each other root cause once and each finding without one once: high × 5, medium × 3, low × 1, ÷ workloads: red from 2, yellow from 0.5, green below; unknown without workloads, or where it is green with a confidence below 60 %',
  words: { green: 'small', yellow: 'manageable', red: 'heavy', unknown: 'not known: too little was read' },
  show: ({ assessment: { findings, rootCauses, verdict }, inventory: { workloads } }) => {
    const critical = new Set(rootCauses.filter(({ severity }) => severity === 'critical').map(({ id }) => id));
    const weighing = findings.filter(
      ({ explainedBy, severity }) => WEIGHTS[severity] !== undefined && !critical.has(explainedBy ?? ''),
    );
    // A cause is one thing to repair, however many findings tell of it.
    const left = [...Map.groupBy(weighing, ({ id, explainedBy }) => explainedBy ?? id).values()].map((same) =>
      same.reduce(
        (worst, { severity }) => ((WEIGHTS[severity] ?? 0) > (WEIGHTS[worst] ?? 0) ? severity : worst),
        'low' as Severity,
      ),
    );
    const points = left.reduce((sum, severity) => sum + (WEIGHTS[severity] ?? 0), 0);
    const count = (severity: Severity) => left.filter((one) => one === severity).length;
    const perWorkload = workloads === 0 ? 0 : points / workloads;
    const basis = `${count('high')} high, ${count('medium')} medium, ${count('low')} low; ${points} points over ${counted(workloads, 'workload')}, ${perWorkload.toFixed(1)} each (red from 2, yellow from 0.5)`;
    if (workloads === 0) return { colour: 'unknown', basis: 'no workload was read' };
    if (perWorkload >= 2) return { colour: 'red', basis };
    if (perWorkload >= 0.5) return { colour: 'yellow', basis };
    return { colour: verdict.confidence < LEAST_CONFIDENCE ? 'unknown' : 'green', basis };
  },
};
