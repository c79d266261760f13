import { expect, it } from 'vitest';
import { Examination } from '../../examination.ts';
import { check, describeRule } from '../../rule.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('says what stands there, who is hit, and is worse where it is served', () => {
    expect(check(rule, failing)).toMatchObject([
      {
        severity: 'critical',
        resource: { kind: 'Secret', name: 'web-tls' },
        message:
          'Where the certificate of Secret shop/web-tls should stand there is a private key. It is used by Ingress shop/web.',
        facts: { found: 'a private key', secret: 'shop/web-tls' },
      },
      {
        severity: 'medium',
        resource: { kind: 'MutatingWebhookConfiguration', name: 'injector' },
        facts: { found: 'no certificate' },
      },
    ]);
  });
  it('looks only at the namespaces that are judged', () => {
    const elsewhere = new Examination(failing.snapshot, { namespaces: new Set(['other']) });
    expect(check(rule, elsewhere).map(({ resource }) => resource.kind)).toEqual(['MutatingWebhookConfiguration']);
  });
});
