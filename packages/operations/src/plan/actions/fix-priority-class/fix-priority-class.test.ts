import { describe, expect, it } from 'vitest';
import { clusterWith, deployment, planningOf, proposalsOf, tried } from '../../trial.suite.ts';
import { fixPriorityClass } from './fix-priority-class.ts';

const urgent = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'urgent' }, value: 1000 };
const named = (priorityClassName: string) => ({ priorityClassName });

describe('fix-priority-class', () => {
  it('names the nearest that there is', () => {
    const cluster = clusterWith([urgent, deployment('web', named('urgant'))]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixPriorityClass, planning);
    expect(best?.title).toContain('priority class urgent ');
    expect(tried([fixPriorityClass], best as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });

  it('mends all workloads that name it', () => {
    const cluster = clusterWith([deployment('web', named('gold')), deployment('api', named('gold'))]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const [best] = proposalsOf(fixPriorityClass, planning);
    expect(best?.drafts.map(({ target }) => target.name)).toEqual(['api', 'web']);
    expect(tried([fixPriorityClass], best as never, planning)).toEqual({ outcomes: ['held', 'held'], causes: [] });
  });

  it('offers a class of that name that puts its pods before no others', () => {
    const cluster = clusterWith([deployment('web', named('gold'))]);
    cluster.clock.advance(1_200_000);
    const planning = planningOf(cluster);
    const rival = proposalsOf(fixPriorityClass, planning).find(({ title }) => title.startsWith('Make'));
    expect(rival?.drafts[0]?.changes).toMatchObject([{ object: { value: 0, preemptionPolicy: 'Never' } }]);
    expect(tried([fixPriorityClass], rival as never, planning)).toEqual({ outcomes: ['held'], causes: [] });
  });
});
