import { counted } from '../../counted.ts';
import { percentText } from '../../evidence-text.ts';
import type { LightRule } from './light.ts';

/** Below this confidence, that nothing was found does not say that nothing is wrong. */
export const LEAST_CONFIDENCE = 0.6;

/** Whether something is wrong at the root. */
export const health: LightRule = {
  id: 'health',
  name: 'System health',
  formula: `root causes: red with a critical one, yellow with a high one or a readiness below 80, green without either; unknown where the verdict is, or where all is green with a confidence below ${percentText(LEAST_CONFIDENCE)}`,
  words: {
    green: 'stable',
    yellow: 'stable with constraints',
    red: 'impaired',
    unknown: 'not known: too little was read',
  },
  show: ({ assessment: { verdict, rootCauses } }) => {
    const count = (severity: string) => rootCauses.filter((cause) => cause.severity === severity).length;
    const [critical, high] = [count('critical'), count('high')];
    const basis = `${counted(critical, 'critical root cause')}, ${high} high; readiness ${verdict.score} of 100, confidence ${percentText(verdict.confidence)}`;
    if (critical > 0) return { colour: 'red', basis };
    if (verdict.status === 'unknown') return { colour: 'unknown', basis: verdict.sentence };
    if (high > 0 || verdict.score < 80) return { colour: 'yellow', basis };
    return { colour: verdict.confidence < LEAST_CONFIDENCE ? 'unknown' : 'green', basis };
  },
};
