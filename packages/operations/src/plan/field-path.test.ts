import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePath, pathText, valueAt, type PathStep } from './field-path.ts';

const DEPLOYMENT = {
  metadata: { annotations: { 'example.com/team': 'shop', 'a"b\\c': 'odd' } },
  spec: { template: { spec: { containers: [{ name: 'web', image: 'web:1' }, { name: 'log' }] } }, paused: null },
};

describe('paths to fields', () => {
  it.each([
    ['spec.template.spec.containers[0].image', 'web:1'],
    ['spec.template.spec.containers[name=web].image', 'web:1'],
    ['metadata.annotations["example.com/team"]', 'shop'],
    ['metadata.annotations["a\\"b\\\\c"]', 'odd'],
    ['spec.template.spec.containers[1].image', undefined],
    ['spec.template.spec.containers[2]', undefined],
    ['spec.template.spec.containers[name=db].image', undefined],
    ['spec.template.spec.containers.name', undefined],
    ['spec.paused', undefined],
    ['spec.constructor', undefined],
    ['metadata.annotations["example.com/team"].length', undefined],
  ])('%s leads to %s', (path, value) => {
    expect(valueAt(DEPLOYMENT, path)).toBe(value);
  });

  it.each(['', 'spec..replicas', 'spec[', 'spec["a]', 'spec.containers[]', 'spec]'])('refuses %j', (path) => {
    expect(() => parsePath(path)).toThrow(RangeError);
  });

  it('reads every path that it writes', () => {
    const step: fc.Arbitrary<PathStep> = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.nat(99),
      fc.record({ field: fc.constant('name'), value: fc.stringMatching(/^[a-z0-9-]*$/) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        expect(parsePath(pathText(steps))).toEqual(steps);
      }),
    );
  });
});
