import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('takes the telling condition, and its listeners where the Gateway only repeats them', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['listener'],
        facts['condition'],
        facts['reason'],
      ]),
    ).toEqual([
      ['high', 'addressless', undefined, 'Programmed', 'AddressNotAssigned'],
      ['high', 'listeners', 'http', 'Conflicted', 'ProtocolConflict'],
      ['high', 'unaccepted', undefined, 'Accepted', 'Test'],
      ['medium', 'partly', 'https', 'ResolvedRefs', 'InvalidCertificateRef'],
      ['medium', 'warned', undefined, '', 'SYNC'],
    ]);
  });
});
