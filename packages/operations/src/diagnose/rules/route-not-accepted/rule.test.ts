import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('concludes from the listeners what no status says, and takes a status as it is', () => {
    expect(
      check(rule, failing).map(({ severity, resource, facts }) => [
        severity,
        resource.name,
        facts['condition'],
        facts['reason'],
      ]),
    ).toEqual([
      ['high', 'r-chosen', '', 'NotAllowedByListeners'],
      ['high', 'r-same', '', 'NotAllowedByListeners'],
      ['high', 'r-host', '', 'NoMatchingListenerHostname'],
      ['high', 'r-kind', '', 'NotAllowedByListeners'],
      ['high', 'r-refs', 'ResolvedRefs', 'InvalidKind'],
      ['high', 'r-section', '', 'NoMatchingParent'],
      ['high', 'r-status', 'Accepted', 'NoMatchingListenerHostname'],
      ['low', 'r-unread', '', 'NotAllowedByListeners'],
    ]);
  });
});
