/** What becomes of dependents. */
import { ABSENT, type ConformanceCase, type Json, type RequestStep } from '../conformance-case.ts';

const SOURCE = 'https://kubernetes.io/docs/concepts/architecture/garbage-collection/';
const HELD = { finalizers: ['example.com/hold'] };

function settings(name: string, metadata: Json = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop', ...metadata } };
}

const IN_SHOP = { resource: 'v1/configmaps', namespace: 'shop' } as const;
const OWNER: RequestStep = { verb: 'create', ...IN_SHOP, body: settings('owner'), keep: 'owner' };

function ownedBy(owner: string, more: Json = {}): Json {
  const reference = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: `\${${owner}.metadata.name}`,
    uid: `\${${owner}.metadata.uid}`,
  };
  return { ownerReferences: [{ ...reference, ...more }] };
}

function create(name: string, metadata: Json, keep?: string): RequestStep {
  return { verb: 'create', ...IN_SHOP, body: settings(name, metadata), ...(keep === undefined ? {} : { keep }) };
}

function remove(name: string, propagationPolicy?: string): RequestStep {
  const query = propagationPolicy === undefined ? {} : { query: { propagationPolicy } };
  return { verb: 'delete', ...IN_SHOP, name, ...query };
}

function gone(name: string): RequestStep {
  return { verb: 'get', ...IN_SHOP, name, expect: { code: 404 }, eventuallyMs: 30_000 };
}

function get(name: string, body: Json): RequestStep {
  return { verb: 'get', ...IN_SHOP, name, expect: { body }, eventuallyMs: 30_000 };
}

const letGo = (name: string): RequestStep => ({
  verb: 'patch',
  ...IN_SHOP,
  name,
  body: { metadata: { finalizers: null } },
});

export const GARBAGE_COLLECTION_CASES: readonly ConformanceCase[] = [
  {
    name: 'a deleted owner goes at once and its dependents after it',
    source: `${SOURCE}#background-deletion`,
    steps: [
      OWNER,
      create('dependent', ownedBy('owner'), 'dependent'),
      create('grandchild', ownedBy('dependent')),
      remove('owner'),
      { verb: 'get', ...IN_SHOP, name: 'owner', expect: { code: 404 } },
      gone('dependent'),
      gone('grandchild'),
    ],
  },
  {
    name: 'an owner deleted in the foreground waits for dependents that block it',
    source: `${SOURCE}#foreground-deletion`,
    steps: [
      OWNER,
      create('dependent', { ...ownedBy('owner', { blockOwnerDeletion: true }), ...HELD }),
      {
        ...remove('owner', 'Foreground'),
        expect: { code: 200 },
      },
      get('owner', { metadata: { deletionTimestamp: /Z$/, finalizers: ['foregroundDeletion'] } }),
      get('dependent', { metadata: { deletionTimestamp: /Z$/ } }),
      { verb: 'get', ...IN_SHOP, name: 'owner', staysMs: 20_000 },
      letGo('dependent'),
      gone('owner'),
    ],
  },
  {
    name: 'an owner deleted in the foreground does not wait for dependents that do not block it',
    source: `${SOURCE}#foreground-deletion`,
    steps: [
      OWNER,
      create('dependent', { ...ownedBy('owner'), ...HELD }),
      remove('owner', 'Foreground'),
      gone('owner'),
      get('dependent', { metadata: { deletionTimestamp: /Z$/, finalizers: ['example.com/hold'] } }),
    ],
  },
  {
    name: 'orphaned dependents stay and forget their owner',
    source: `${SOURCE}#orphaned-dependents`,
    steps: [
      OWNER,
      create('dependent', ownedBy('owner')),
      remove('owner', 'Orphan'),
      gone('owner'),
      get('dependent', { metadata: { ownerReferences: ABSENT, deletionTimestamp: ABSENT } }),
      { verb: 'get', ...IN_SHOP, name: 'dependent', staysMs: 10_000 },
    ],
  },
  {
    name: 'an object whose owner is not there is deleted',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/',
    steps: [
      create('dependent', {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: 'absent', uid: 'f4a3b0c2-0000-4000-8000-000000000000' },
        ],
      }),
      gone('dependent'),
    ],
  },
  {
    name: 'an owner of the same name with another uid does not count',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/',
    steps: [
      OWNER,
      remove('owner'),
      { ...OWNER, keep: 'another' },
      create('dependent', ownedBy('owner')),
      gone('dependent'),
      { verb: 'get', ...IN_SHOP, name: 'owner' },
    ],
  },
  {
    name: 'an object with one owner left stays and forgets the other',
    source: 'pkg/controller/garbagecollector/garbagecollector.go',
    steps: [
      OWNER,
      create('second', {}, 'second'),
      create('dependent', {
        ownerReferences: ['owner', 'second'].map((name) => ({
          ...{ apiVersion: 'v1', kind: 'ConfigMap', name, uid: `\${${name}.metadata.uid}` },
        })),
      }),
      remove('owner'),
      get('dependent', { metadata: { ownerReferences: [{ name: 'second' }], deletionTimestamp: ABSENT } }),
    ],
  },
  {
    name: 'an owner in another namespace counts as absent, and an event says so',
    source:
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/owners-dependents/#owner-references-in-object-specifications',
    namespaces: ['shop', 'other'],
    steps: [
      {
        verb: 'create',
        resource: 'v1/configmaps',
        namespace: 'other',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'owner' } },
        keep: 'owner',
      },
      create('dependent', ownedBy('owner')),
      gone('dependent'),
      {
        verb: 'list',
        resource: 'v1/events',
        namespace: 'shop',
        query: { fieldSelector: 'reason=OwnerRefInvalidNamespace' },
        eventuallyMs: 10_000,
        expect: {
          some: [
            {
              type: 'Warning',
              message:
                'ownerRef [v1/ConfigMap, namespace: shop, name: owner, uid: ${owner.metadata.uid}] does not exist in namespace "shop"',
            },
          ],
        },
      },
    ],
  },
  {
    name: 'Jobs deleted without a wish leave their pods, as the first version of their API did',
    source: 'pkg/registry/batch/job/strategy.go',
    steps: [
      {
        verb: 'create',
        resource: 'batch/v1/jobs',
        namespace: 'shop',
        body: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          metadata: { name: 'report', finalizers: ['example.com/hold'] },
          spec: {
            suspend: true,
            template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'example.com/app:1' }] } },
          },
        },
      },
      { verb: 'delete', resource: 'batch/v1/jobs', namespace: 'shop', name: 'report' },
      {
        verb: 'get',
        resource: 'batch/v1/jobs',
        namespace: 'shop',
        name: 'report',
        eventuallyMs: 10_000,
        expect: { body: { metadata: { deletionTimestamp: /Z$/ } } },
      },
    ],
  },
];
