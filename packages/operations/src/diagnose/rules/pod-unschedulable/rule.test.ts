import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('reads classes, resources and the refused scale-up', () => {
    expect(about('cpu01')).toMatchObject([
      {
        facts: {
          resources: ['cpu'],
          classes: ['capacity', 'taint'],
          scaleUp: 'failed',
          scaleUpCause: 'quota',
          requestCpuMillis: 2000,
          requestMemoryBytes: 4 * 2 ** 30,
        },
      },
    ]);
    expect(about('cpu01')[0]?.evidence.flatMap((one) => (one.kind === 'event' ? one.reason : []))).toEqual(
      expect.arrayContaining(['FailedScheduling', 'FailedScaleUp', 'NotTriggerScaleUp']),
    );
  });
  it('tells a claim from capacity', () => {
    expect(about('db-0')).toMatchObject([{ facts: { classes: ['claim'], resources: [], scaleUp: 'none' } }]);
  });
  it('reports a pod that no scheduler has looked at', () => {
    expect(about('ghost')[0]?.message).toContain('no scheduler has looked at it');
  });
});
