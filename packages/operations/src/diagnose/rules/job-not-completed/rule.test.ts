import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const of = (name: string) => check(rule, failing).find(({ resource }) => resource.name === name);

  it('is medium where it holds back further runs', () => {
    expect(of('report-1')).toMatchObject({
      severity: 'medium',
      message: 'Job shop/report-1 has not completed for 2 d; meanwhile CronJob report starts no further run.',
      facts: { workload: 'batch/CronJob/shop/report', active: 1, blocks: true },
    });
  });
  it('is low where it hurts nobody else', () => {
    expect(of('alone')).toMatchObject({ severity: 'low', facts: { blocks: false } });
    expect(of('queue')).toMatchObject({ severity: 'low', facts: { succeeded: 4 } });
  });
});
