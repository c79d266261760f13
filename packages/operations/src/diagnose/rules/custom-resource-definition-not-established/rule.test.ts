import { expect, it } from 'vitest';
import { check, describeRule, examine } from '../../rule.suite.ts';
import { condition, NOW, object } from '../../scene.suite.ts';
import { rule } from './rule.ts';

describeRule(rule, import.meta.url, ({ failing }) => {
  it('tells the clash of names before what follows from it, and a deletion that is held up', () => {
    expect(check(rule, failing).map(({ severity, message }) => [severity, message])).toEqual([
      [
        'high',
        'CustomResourceDefinition widgets.acme.io is not served, since its names clash with those of another: "wd" is already in use.',
      ],
      [
        'medium',
        'CustomResourceDefinition gadgets.acme.io has been terminating for 3 h: CustomResource deletion is in progress.',
      ],
    ]);
  });
});

it('a schema that is not structural is low', () => {
  const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'old.acme.io', {
    metadata: { namespace: undefined },
    status: { conditions: [condition('Established', 'True'), condition('NonStructuralSchema', 'True')] },
  });
  const findings = check(rule, examine({ observedAt: NOW, objects: [definition] }));
  expect(findings.map(({ severity, facts }) => [severity, facts['condition']])).toEqual([
    ['low', 'NonStructuralSchema'],
  ]);
});
