import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../model/kube-object.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, NAMESPACES } from '../api/built-in-types.ts';
import { SimulatedCluster } from '../simulated-cluster.ts';

const STRICT = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};
const OPEN = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** What becomes of an object of a kind that a CustomResourceDefinition defines, and what is warned of. */
function made(kind: string, spec: object) {
  const cluster = new SimulatedCluster();
  const { api } = cluster;
  cluster.clock.advance(1000);
  const plural = `${kind.toLowerCase()}s`;
  const definition = {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind, plural },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: OPEN } }],
  };
  api.create(NAMESPACES, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: STRICT } });
  api.create(CUSTOM_RESOURCE_DEFINITIONS, {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.example.com` },
    spec: definition,
  } as unknown as KubeObject);
  cluster.clock.advance(5000);
  const type = api.types.byKind('example.com', kind);
  if (type === undefined) throw new RangeError(`${kind} is not served`);
  const warnings: string[] = [];
  const object = { apiVersion: 'example.com/v1', kind, metadata: { name: 'a', namespace: 'shop' }, spec };
  const { metadata, spec: kept } = api.create(type, object as KubeObject, {
    onWarning: (text) => void warnings.push(text),
  }) as unknown as { readonly metadata: { readonly finalizers?: readonly string[] }; readonly spec: object };
  return { finalizers: metadata.finalizers, spec: kept, warnings };
}

const TEMPLATE = { spec: { containers: [{ name: 'a', image: 'a' }] } };

describe('admission', () => {
  // Plugins look at the kind together with its group; `constructor` is what every table seems to have.
  it.each([
    ['Node', {}],
    ['Ingress', {}],
    ['PersistentVolumeClaim', {}],
    ['PersistentVolume', {}],
    ['Pod', TEMPLATE.spec],
    ['StatefulSet', { template: TEMPLATE }],
    ['Constructor', {}],
    ['constructor', {}],
    ['toString', {}],
  ])('leaves %s of another group as it is', (kind, spec) => {
    expect(made(kind, spec)).toEqual({ finalizers: undefined, spec, warnings: [] });
  });
});
