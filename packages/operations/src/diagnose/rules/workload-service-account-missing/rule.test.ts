import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('is medium while the pods run on', () => {
    expect(check(rule, failing).map(({ severity, resource }) => [severity, resource.name])).toEqual([
      ['high', 'web'],
      ['medium', 'steady'],
    ]);
  });

  it('says of a pod without a template that it is there', () => {
    const account = object('v1', 'ServiceAccount', 'default');
    const pod = object('v1', 'Pod', 'lone', {
      spec: { serviceAccountName: 'gone', containers: [{ name: 'app', image: 'x:1' }] },
      status: { phase: 'Running' },
    });
    expect(
      check(rule, examine({ observedAt: NOW, objects: [account, pod] })).map(({ severity, message }) => [
        severity,
        message,
      ]),
    ).toEqual([
      [
        'medium',
        'Pod shop/lone runs as ServiceAccount gone, which does not exist; it cannot be made anew, and its token is not renewed.',
      ],
    ]);
  });
});
