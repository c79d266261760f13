import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('names what waits, and rates a crash loop higher than a long run', () => {
    expect(about('waits')).toMatchObject([
      { severity: 'medium', facts: { container: 'wait-for-db', cause: 'running', blocked: ['api'] } },
    ]);
    expect(about('crash')).toMatchObject([
      { severity: 'high', facts: { container: 'wait-for-db', cause: 'crash-loop', restarts: 12 } },
    ]);
  });
});
