import { expect, it } from 'vitest';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('repeats what the driver said, from the status or the event', () => {
    const [first, second] = check(rule, failing);
    expect(first?.message).toContain('after claim shop/data was deleted: googleapi: Error 400');
    expect(second?.message).toContain('disk is in use');
    expect(first?.facts).toEqual({ claim: 'shop/data', reclaimPolicy: 'Delete' });
  });
});
