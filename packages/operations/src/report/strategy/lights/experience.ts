import { counted } from '../../counted.ts';
import type { LightRule, LightView, Shown } from './light.ts';

/** What people outside meet. */
export const experience: LightRule = {
  id: 'experience',
  name: 'User experience',
  formula:
    'ways in from outside and measured KPIs of experience: red where an asked endpoint fails or an exposed Service has nothing ready behind it; yellow where one waits for its address or a measured KPI misses its target; green where at least one endpoint was asked or one KPI measured, and all are well; unknown where nothing was measured',
  words: {
    green: 'ways in answer',
    yellow: 'works, with gaps',
    red: 'ways in that fail',
    unknown: 'not known: nothing was measured',
  },
  show: shown,
};

function shown({ assessment: { kpis }, inventory: { endpoints, loadBalancers } }: LightView): Shown {
  const own = kpis.filter(({ group, value }) => group === 'experience' && value !== undefined);
  const missed = own.filter(({ status }) => status === 'missed');
  const asked = endpoints.filter(({ outcome }) => outcome !== 'not-asked');
  const failing = asked.filter(({ outcome }) => outcome === 'fails');
  const empty = loadBalancers.filter(({ readyEndpoints }) => readyEndpoints === 0);
  const waiting = loadBalancers.filter(({ addresses }) => addresses.length === 0);
  const basis = [
    `${asked.length} of ${counted(endpoints.length, 'known endpoint')} asked, ${failing.length} fail`,
    `${empty.length} of ${counted(loadBalancers.length, 'exposed Service')} with nothing ready behind, ${waiting.length} without an address`,
    own.length === 0
      ? 'no KPI of experience measured'
      : `${counted(own.length, 'KPI')} measured, ${missed.length} off target`,
  ].join('; ');
  if (failing.length > 0 || empty.length > 0) return { colour: 'red', basis };
  if (missed.length > 0 || waiting.length > 0) return { colour: 'yellow', basis };
  return { colour: asked.length > 0 || own.length > 0 ? 'green' : 'unknown', basis };
}
