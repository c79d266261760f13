import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const found = check(rule, failing);
  const of = (name: string) => found.find(({ resource }) => resource.name === name);

  it('says why in the words of the controller', () => {
    expect(of('migrate')).toMatchObject({
      severity: 'medium',
      message: 'Job shop/migrate has failed for 2 h: Job has reached the specified backoff limit.',
      facts: { workload: 'batch/Job/shop/migrate', reason: 'BackoffLimitExceeded', failed: 3, runs: 1 },
    });
    expect(of('import')?.facts).toMatchObject({ reason: 'DeadlineExceeded', failed: 0 });
    expect(of('shards')?.facts).toMatchObject({ reason: 'MaxFailedIndexesExceeded' });
  });
  it('reports the newest of several failed runs of a CronJob, with their number', () => {
    expect(of('nightly-1')).toBeUndefined();
    expect(of('nightly-2')).toMatchObject({
      message: 'Job shop/nightly-2 has failed (BackoffLimitExceeded), as did 1 earlier run of its CronJob.',
      facts: { workload: 'batch/CronJob/shop/nightly', runs: 2 },
    });
  });
  it('believes an event where the status says nothing', () => {
    expect(of('told')).toMatchObject({ severity: 'medium', facts: { reason: 'BackoffLimitExceeded' } });
  });
  it('is low while attempts failed, none is under way and the Job has not given up', () => {
    expect(of('idle')).toMatchObject({ severity: 'low', facts: { reason: 'retrying' } });
  });
});
