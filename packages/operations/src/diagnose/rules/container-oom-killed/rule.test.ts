import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('compares the limit with the highest working set', () => {
    const [finding] = about('q8n2m');
    expect(finding?.facts).toMatchObject({
      container: 'api',
      limitBytes: 256 * 2 ** 20,
      requestBytes: 128 * 2 ** 20,
      workingSetBytes: 300 * 2 ** 20,
      restarts: 14,
    });
    expect(finding?.message).toBe(
      'Container api of pod shop/web-7d4b9c6f5-q8n2m was OOM-killed (14 restarts); its limit is 256Mi, its working set reached 300Mi',
    );
    expect(finding?.evidence).toContainEqual(
      expect.objectContaining({ kind: 'metric', samples: 3, spanMs: 59 * 60_000 }),
    );
  });
  it('blames the node where there is no limit', () => {
    const [finding] = about('zzk4t');
    expect(finding?.facts).not.toHaveProperty('limitBytes');
    expect(finding?.message).toContain('has no memory limit');
  });
});
