import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('says how often and when last', () => {
    expect(about('often')[0]?.message).toContain('was restarted 23 times, the last time 2 h ago with exit code 1');
  });
});
