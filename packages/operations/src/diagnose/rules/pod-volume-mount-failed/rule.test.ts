import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  const about = (pod: string) => check(rule, failing).filter(({ resource }) => resource.name.endsWith(pod));

  it.each([
    [
      'abcde',
      { cause: 'config-map-missing', volume: 'config', objectKind: 'ConfigMap', objectName: 'alertmanager-config' },
    ],
    ['silen', { cause: 'config-map-missing', volume: 'settings', objectKind: 'ConfigMap', objectName: 'web-settings' }],
    [
      'keyed',
      { cause: 'secret-key-missing', volume: 'tls', objectKind: 'Secret', objectName: 'web-tls', key: 'tls.crt' },
    ],
    [
      'db-0',
      { cause: 'attach-conflict', volume: 'data', objectKind: 'PersistentVolumeClaim', objectName: 'data-db-0' },
    ],
  ])('tells what %s waits for', (pod, facts) => {
    expect(about(pod)).toMatchObject([{ facts }]);
  });
  it('quotes the event where there is one, and the absence in any case', () => {
    expect(about('abcde')[0]?.evidence.map(({ kind }) => kind)).toEqual(['event', 'field', 'absence']);
    expect(about('silen')[0]?.evidence.map(({ kind }) => kind)).toEqual(['field', 'absence']);
  });
});
