import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    ['nokey', { cause: 'secret-key-missing', objectKind: 'Secret', objectName: 'db-credentials', key: 'password' }],
    ['nomap', { cause: 'config-map-missing', objectKind: 'ConfigMap', objectName: 'api-settings' }],
    ['root1', { cause: 'run-as-root-refused' }],
    ['mute1', { cause: 'config-map-missing', objectKind: 'ConfigMap', objectName: 'api-settings' }],
  ])('names what %s lacks', (pod, facts) => {
    expect(about(pod)).toMatchObject([{ facts: { container: 'api', ...facts } }]);
  });
  it('shows the absence where the kubelet says nothing', () => {
    expect(about('mute1')[0]?.evidence.map(({ kind }) => kind)).toContain('absence');
  });
});
