import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it('looks at the node', () => {
    expect(about('mute1')[0]?.message).toContain('no event says why');
    expect(about('lost1')).toMatchObject([{ facts: { nodeReady: false } }]);
  });
});
