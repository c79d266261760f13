import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['exit1', { cause: 'exit', exitCode: 1, restarts: 9 }],
    ['segv1', { cause: 'signal', signal: 11, exitCode: 139 }],
    ['alive', { cause: 'liveness', exitCode: 137 }],
    ['compl', { cause: 'completed', exitCode: 0 }],
    ['ended', { cause: 'exit', exitCode: 2 }],
  ])('tells how %s ends', (pod, facts) => {
    expect(about(pod)).toMatchObject([{ facts: { container: 'api', ...facts } }]);
  });
});
