import { describe, expect, it } from 'vitest';
import { subjectOf, titleOf } from './title-of.ts';

describe('a rule said of one resource', () => {
  it.each([
    ['Node is not ready', 'Node a', 'Node a is not ready'],
    ['Ingress has no address', 'Ingress shop/web', 'Ingress shop/web has no address'],
    ['Backend of an Ingress does not exist', 'Ingress shop/web', 'Backend of Ingress shop/web does not exist'],
    ['ServiceAccount of a workload is missing', 'Job shop/j', 'ServiceAccount of Job shop/j is missing'],
    ['Certificate of cert-manager is not ready', 'Certificate a/b', 'Certificate a/b of cert-manager is not ready'],
    // A noun behind the kind makes it another thing.
    ['Pod sandbox cannot be created', 'Pod shop/a', 'Pod sandbox cannot be created: Pod shop/a'],
    ['Node refused a pod', 'Pod shop/a', 'Node refused a pod: Pod shop/a'],
    ['Calls of an admission webhook fail', 'Service a/$&', 'Calls of an admission webhook fail: Service a/$&'],
    ['Key of a ConfigMap does not exist', 'ConfigMap a/$&', 'Key of ConfigMap a/$& does not exist'],
  ])('%s, %s', (title, named, said) => {
    expect(titleOf(title, named)).toBe(said);
  });

  it('is no sentence about a resource that only stands in it', () => {
    expect(subjectOf('Backend of an Ingress does not exist', 'Ingress shop/web')).toBeUndefined();
  });
});
