import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../model/kube-object.ts';
import { CONFIG_MAPS, EVENTS, JOBS, NODES, PODS, SECRETS } from './built-in-types.ts';
import { parseFieldSelector } from './field-selector.ts';
import { parseLabelSelector } from './label-selector.ts';

describe('parseLabelSelector', () => {
  const labels = { app: 'web', tier: 'front', size: '7', empty: '' };

  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['absent!=web', true],
    ['app', true],
    ['!app', false],
    ['!absent', true],
    ['app in (web,api)', true],
    ['app in (api)', false],
    ['app notin (api, web)', false],
    ['absent notin (web)', true],
    ['empty in (,a)', true],
    ['empty in ()', true],
    ['empty=', true],
    ['app=web,tier=front,!absent', true],
    ['app=web,tier=back', false],
    ['size>6', true],
    ['size<7', false],
    ['in in (in)', false],
    [' app = web ', true],
  ])('reads %j', (text, expected) => {
    expect(parseLabelSelector(text)(labels)).toBe(expected);
  });

  // Wordings of `k8s.io/apimachinery/pkg/labels`.
  it.each([
    ['app=web=api', "found '=', expected: ',' or 'end of string'"],
    ['=web', "found '=', expected: !, identifier, or 'end of string'"],
    ['app=web,', "found '', expected: identifier after ','"],
    ['app in web', "unable to parse requirement: found 'web' expected: '('"],
    ['app in (web', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['app like web', "unable to parse requirement: found 'like', expected: in, notin, =, ==, !=, gt, lt"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    [
      'app=we$b',
      "unable to parse requirement: values[0][app]: Invalid value: \"we$b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ],
    [
      '-app=web',
      "unable to parse requirement: <nil>: Invalid value: \"-app\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
    [
      'size>big',
      "unable to parse requirement: values[0]: Invalid value: \"big\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
  ])('refuses %j as Kubernetes does', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ message }));
  });

  it('reads or refuses any text', () => {
    const piece = fc.constantFrom('app', 'in', 'notin', '=', '!', '(', ')', ',', ' ', '<', 'x/y', '!=');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        try {
          expect(typeof parseLabelSelector(text)(labels)).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ status: { code: 400, reason: 'BadRequest' } });
        }
      }),
    );
  });
});

describe('parseFieldSelector', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: { nodeName: 'a' },
    status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }] },
  } as KubeObject;

  it.each([
    ['', true],
    ['metadata.name=web-1', true],
    ['metadata.name!=web-1', false],
    ['metadata.namespace==shop,spec.nodeName=a', true],
    ['spec.host=a', true],
    ['spec.nodeName=', false],
    ['status.phase!=Running', false],
    ['status.nominatedNodeName=', true],
    ['spec.hostNetwork=false', true],
    ['status.podIPs=fd00::1', true],
  ])('selects pods by %j', (text, expected) => {
    expect(parseFieldSelector(text, PODS)(pod)).toBe(expected);
  });

  it('knows derived fields', () => {
    const of = (fields: object) => ({ apiVersion: 'v1', kind: '', metadata: { name: 'x' }, ...fields }) as KubeObject;
    expect(parseFieldSelector('spec.unschedulable=true', NODES)(of({ spec: { unschedulable: true } }))).toBe(true);
    expect(parseFieldSelector('status.successful=2', JOBS)(of({ status: { succeeded: 2 } }))).toBe(true);
    expect(parseFieldSelector('type=Opaque', SECRETS)(of({ type: 'Opaque' }))).toBe(true);
    const event = of({ involvedObject: { kind: 'Pod', name: 'a' }, source: {}, reportingComponent: 'kubelet' });
    expect(parseFieldSelector('involvedObject.kind=Pod,source=kubelet', EVENTS)(event)).toBe(true);
  });

  it.each([
    [PODS, 'spec.image=a', 'field label not supported: spec.image'],
    [NODES, 'metadata.namespace=a', 'field label not supported: metadata.namespace'],
    [CONFIG_MAPS, 'data=a', '"data" is not a known field selector: only "metadata.name", "metadata.namespace"'],
    [PODS, 'status.phase', "invalid selector: 'status.phase'; can't understand 'status.phase'"],
  ])('refuses what kind %# cannot be selected by', (type, text, message) => {
    expect(() => parseFieldSelector(text, type)).toThrow(expect.objectContaining({ message }));
  });
});
