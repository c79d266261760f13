import { counted } from '../../counted.ts';
import { percentText } from '../../evidence-text.ts';
import type { LightRule } from './light.ts';

const STUCK: ReadonlySet<string> = new Set([
  'deployment-rollout-stuck',
  'stateful-set-update-stuck',
  'daemon-set-unavailable',
  'deployment-unavailable',
  'stateful-set-unavailable',
  'replica-set-unavailable',
  'replica-creation-failed',
]);

/** How much of what is to run does run. */
export const deployment: LightRule = {
  id: 'deployment',
  name: 'Deployment status',
  formula:
    'succeeding ÷ all pods: red below 90 %, yellow up to 98 % or while a workload is unavailable or its rollout is stuck, green above; unknown without pods',
  words: {
    green: 'everything runs',
    yellow: 'runs, with workloads that do not',
    red: 'large parts do not run',
    unknown: 'not known: no pods were read',
  },
  show: ({ assessment: { cluster, findings } }) => {
    const { total, succeeding } = cluster.pods;
    if (total === 0) return { colour: 'unknown', basis: 'no pod that counts was read' };
    const share = succeeding / total;
    const stuck = new Set(
      findings.filter(({ code }) => STUCK.has(code)).map(({ resource }) => JSON.stringify(resource)),
    ).size;
    const basis = `${succeeding} of ${counted(total, 'pod')} succeed (${percentText(share)}); ${counted(stuck, 'workload')} unavailable or stuck`;
    if (share < 0.9) return { colour: 'red', basis };
    return { colour: share <= 0.98 || stuck > 0 ? 'yellow' : 'green', basis };
  },
};
