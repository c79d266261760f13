import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectMeta } from '../../model/kube-object.ts';
import { CLUSTER_ROLES, CONFIG_MAPS, DEPLOYMENTS, NAMESPACES, PODS, SERVICES } from './built-in-types.ts';
import { fieldErrorText } from './api-error.ts';
import type { ResourceType } from './resource-type.ts';
import { metadataErrors, metadataUpdateErrors, withGeneration } from './metadata.ts';

const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const DNS_1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

describe('metadataErrors', () => {
  const texts = (type: typeof CONFIG_MAPS, metadata: object) =>
    metadataErrors(type, { name: 'x', ...metadata } as ObjectMeta).map(fieldErrorText);
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: '1' };

  it.each([
    [CONFIG_MAPS, { name: 'a.b-c' }, []],
    [CONFIG_MAPS, { name: 'A' }, [`metadata.name: Invalid value: "A": ${SUBDOMAIN}`]],
    [
      CONFIG_MAPS,
      { name: 'a'.repeat(254) },
      [`metadata.name: Invalid value: "${'a'.repeat(254)}": must be no more than 253 bytes`],
    ],
    [CONFIG_MAPS, { name: '' }, ['metadata.name: Required value: name or generateName is required']],
    [NAMESPACES, { name: 'a.b' }, ['metadata.name: Invalid value: "a.b": must not contain dots']],
    [NAMESPACES, { name: 'a_b' }, [`metadata.name: Invalid value: "a_b": ${LABEL}`]],
    [SERVICES, { name: '1a' }, [`metadata.name: Invalid value: "1a": ${DNS_1035}`]],
    [CLUSTER_ROLES, { name: 'system:node' }, []],
    [
      CLUSTER_ROLES,
      { name: 'a/b%' },
      [
        `metadata.name: Invalid value: "a/b%": may not contain '/'`,
        `metadata.name: Invalid value: "a/b%": may not contain '%'`,
      ],
    ],
    [CONFIG_MAPS, { generateName: 'web-', name: 'web-x' }, []],
    [
      CONFIG_MAPS,
      { generateName: 'Web-', name: 'web-x' },
      [`metadata.generateName: Invalid value: "Web-": ${SUBDOMAIN}`],
    ],
    [CONFIG_MAPS, { labels: { app: 'web' }, annotations: { 'Example.com/a': 'anything at all' } }, []],
    [
      CONFIG_MAPS,
      { labels: { 'a/': 'b' } },
      [
        'metadata.labels: Invalid value: "a/": name part must be non-empty',
        "metadata.labels: Invalid value: \"a/\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ],
    ],
    [
      CONFIG_MAPS,
      { ownerReferences: [{ ...owner, uid: '' }] },
      ['metadata.ownerReferences.uid: Invalid value: "": must not be empty'],
    ],
    [
      CONFIG_MAPS,
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
  ])('of %# are as Kubernetes words them', (type, metadata, expected) => {
    expect(texts(type as typeof CONFIG_MAPS, metadata)).toEqual(expected);
  });

  it('of several controllers name both', () => {
    const [text] = texts(CONFIG_MAPS, {
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, name: 'b', controller: true },
      ],
    });
    expect(text).toMatch(
      /: Only one reference can have Controller set to true\. Found "true" in references for Pod\/a and Pod\/b$/,
    );
  });
});

describe('metadataUpdateErrors', () => {
  it('refuse a new finalizer on what is being deleted', () => {
    const previous = { name: 'x', finalizers: ['a/b'], deletionTimestamp: '2025-01-01T00:00:00Z' } as ObjectMeta;
    const errors = metadataUpdateErrors({ ...previous, finalizers: ['a/b', 'd/e', 'c/d'] }, previous);
    expect(errors.map(fieldErrorText)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"c/d", "d/e"}',
    ]);
    expect(metadataUpdateErrors({ ...previous, finalizers: [] }, previous)).toEqual([]);
  });
});

describe('withGeneration', () => {
  const one = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', generation: 4 }, spec: { a: 1 } } as KubeObject;
  const annotated = { ...one, metadata: { ...one.metadata, annotations: { a: 'b' } } };

  it('counts what is wanted', () => {
    const generation = (type: ResourceType, object: object) =>
      withGeneration(type, object as KubeObject, one).metadata.generation;
    expect(generation(PODS, { ...one, spec: { a: 2 } })).toBe(5);
    expect(generation(PODS, { ...one, status: { a: 2 } })).toBe(4);
    expect(generation(PODS, annotated)).toBe(4);
    expect(generation(DEPLOYMENTS, annotated)).toBe(5);
    expect(generation(CONFIG_MAPS, { ...one, data: {} })).toBe(4);
  });
});
