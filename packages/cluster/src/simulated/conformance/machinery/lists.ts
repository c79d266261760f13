/** Finding and watching objects. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';

const CONCEPTS = 'https://kubernetes.io/docs/reference/using-api/api-concepts/';
const IN_SHOP = { resource: 'v1/configmaps', namespace: 'shop' } as const;

function settings(name: string, labels: Json = {}, namespace = 'shop'): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels } };
}

/** What controllers put into each namespace is not selected. */
const OWN = { labelSelector: 'own' };
const FOUR = [
  settings('d', { own: 'yes', tier: 'front' }),
  settings('b', { own: 'yes', tier: 'back' }),
  settings('a', { own: 'yes' }),
  settings('c', { own: 'yes', tier: 'front' }),
];

export const LIST_CASES: readonly ConformanceCase[] = [
  {
    name: 'lists are ordered by namespace and name',
    source: CONCEPTS,
    namespaces: ['shop', 'bank'],
    given: [...FOUR, settings('z', { own: 'yes' }, 'bank')],
    steps: [
      {
        verb: 'list',
        resource: 'v1/configmaps',
        query: OWN,
        expect: { body: { kind: 'ConfigMapList', apiVersion: 'v1' }, names: ['z', 'a', 'b', 'c', 'd'] },
      },
    ],
  },
  {
    name: 'label selectors compare, look into sets, and ask for presence',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
    given: FOUR,
    steps: (
      [
        ['tier=front', ['c', 'd']],
        ['own,tier!=front', ['a', 'b']],
        ['tier in (front,back)', ['b', 'c', 'd']],
        ['own=yes,tier notin (front)', ['a', 'b']],
        ['own,!tier', ['a']],
      ] as const
    ).map(([labelSelector, names]) => ({
      verb: 'list',
      ...IN_SHOP,
      query: { labelSelector },
      expect: { names },
    })),
  },
  {
    name: 'text that is no label selector is a bad request',
    source: 'staging/src/k8s.io/apimachinery/pkg/labels/selector.go',
    steps: [
      {
        verb: 'list',
        ...IN_SHOP,
        query: { labelSelector: 'app=web=api' },
        expect: { code: 400, reason: 'BadRequest', message: /found '=', expected: ',' or 'end of string'$/ },
      },
    ],
  },
  {
    name: 'objects can be selected by their names and by few other fields',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/',
    given: [
      ...FOUR,
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'plain', namespace: 'shop' } },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'own', namespace: 'shop' }, type: 'example.com/own' },
    ],
    steps: [
      { verb: 'list', ...IN_SHOP, query: { fieldSelector: 'metadata.name=b' }, expect: { names: ['b'] } },
      {
        verb: 'list',
        ...IN_SHOP,
        query: { ...OWN, fieldSelector: 'metadata.name!=b,metadata.name!=c' },
        expect: { names: ['a', 'd'] },
      },
      {
        verb: 'list',
        resource: 'v1/secrets',
        namespace: 'shop',
        query: { fieldSelector: 'type=example.com/own' },
        expect: { names: ['own'] },
      },
      {
        verb: 'list',
        ...IN_SHOP,
        query: { fieldSelector: 'data=x' },
        expect: {
          code: 400,
          reason: 'BadRequest',
          message: /"data" is not a known field selector: only "metadata\.name", "metadata\.namespace"$/,
        },
      },
      {
        verb: 'list',
        resource: 'v1/pods',
        namespace: 'shop',
        query: { fieldSelector: 'spec.image=x' },
        expect: { code: 400, reason: 'BadRequest', message: /field label not supported: spec\.image$/ },
      },
    ],
  },
  {
    name: 'a long list comes in pages of one moment',
    source: `${CONCEPTS}#retrieving-large-results-sets-in-chunks`,
    namespaces: ['shop'],
    given: ['a', 'b', 'c'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'shop' },
    })),
    steps: [
      {
        verb: 'list',
        resource: 'v1/secrets',
        namespace: 'shop',
        query: { limit: '2' },
        keep: 'page',
        expect: { names: ['a', 'b'], body: { metadata: { continue: /./, remainingItemCount: 1 } } },
      },
      { verb: 'delete', resource: 'v1/secrets', namespace: 'shop', name: 'c' },
      {
        verb: 'list',
        resource: 'v1/secrets',
        namespace: 'shop',
        query: { limit: '2', continue: '${page.metadata.continue}' },
        expect: {
          names: ['c'],
          body: {
            metadata: {
              continue: ABSENT,
              remainingItemCount: ABSENT,
              resourceVersion: '${page.metadata.resourceVersion}',
            },
          },
        },
      },
    ],
  },
  {
    name: 'a revision that is not there yet is too large',
    source: `${CONCEPTS}#unavailable-resource-versions`,
    steps: [
      {
        verb: 'list',
        ...IN_SHOP,
        query: { resourceVersion: '9000000000000000' },
        expect: {
          code: 504,
          reason: 'Timeout',
          message: /Too large resource version: 9000000000000000, current: \d+$/,
          body: {
            details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] },
          },
        },
      },
    ],
  },
  {
    name: 'options of lists that contradict each other are invalid',
    source: `${CONCEPTS}#resource-versions`,
    steps: [
      {
        verb: 'list',
        ...IN_SHOP,
        query: { resourceVersionMatch: 'Exact' },
        expect: {
          code: 422,
          reason: 'Invalid',
          message:
            'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
        },
      },
    ],
  },
  {
    name: 'a watch tells every change after its revision, in order',
    source: `${CONCEPTS}#efficient-detection-of-changes`,
    steps: [
      { verb: 'list', ...IN_SHOP, keep: 'list' },
      { verb: 'create', ...IN_SHOP, body: settings('a', { own: 'yes' }), keep: 'a' },
      { verb: 'update', ...IN_SHOP, name: 'a', onto: 'a', body: { data: { mode: 'fast' } }, keep: 'changed' },
      { verb: 'delete', ...IN_SHOP, name: 'a' },
      {
        verb: 'watch',
        ...IN_SHOP,
        query: { ...OWN, resourceVersion: '${list.metadata.resourceVersion}' },
        expect: {
          events: [
            { type: 'ADDED', object: { metadata: { resourceVersion: '${a.metadata.resourceVersion}' } } },
            {
              type: 'MODIFIED',
              object: { metadata: { resourceVersion: '${changed.metadata.resourceVersion}' }, data: { mode: 'fast' } },
            },
            { type: 'DELETED', object: { metadata: { name: 'a' }, data: { mode: 'fast' } } },
          ],
        },
      },
    ],
  },
  {
    name: 'to a watch that selects, what stops to match is deleted and what begins to match is added',
    source: `${CONCEPTS}#efficient-detection-of-changes`,
    given: [settings('a', { tier: 'front' })],
    steps: [
      { verb: 'get', ...IN_SHOP, name: 'a', keep: 'a' },
      { verb: 'patch', ...IN_SHOP, name: 'a', body: { metadata: { labels: { tier: 'back' } } } },
      { verb: 'patch', ...IN_SHOP, name: 'a', body: { data: { mode: 'unseen' } } },
      { verb: 'patch', ...IN_SHOP, name: 'a', body: { metadata: { labels: { tier: 'front' } } } },
      {
        verb: 'watch',
        ...IN_SHOP,
        query: { labelSelector: 'tier=front', resourceVersion: '${a.metadata.resourceVersion}' },
        expect: {
          events: [
            { type: 'DELETED', object: { metadata: { labels: { tier: 'front' } }, data: ABSENT } },
            { type: 'ADDED', object: { metadata: { labels: { tier: 'front' } }, data: { mode: 'unseen' } } },
          ],
        },
      },
    ],
  },
  {
    name: 'a watch without a revision begins with what is there',
    source: `${CONCEPTS}#semantics-for-watch`,
    given: FOUR.slice(0, 2),
    steps: [
      {
        verb: 'watch',
        ...IN_SHOP,
        query: OWN,
        expect: {
          events: [
            { type: 'ADDED', object: { metadata: { name: 'b' } } },
            { type: 'ADDED', object: { metadata: { name: 'd' } } },
          ],
        },
      },
    ],
  },
  {
    name: 'a streamed list ends with a bookmark that says so',
    source: `${CONCEPTS}#streaming-lists`,
    given: FOUR.slice(2, 3),
    steps: [
      {
        verb: 'watch',
        ...IN_SHOP,
        query: {
          ...OWN,
          sendInitialEvents: 'true',
          resourceVersionMatch: 'NotOlderThan',
          allowWatchBookmarks: 'true',
        },
        expect: {
          events: [
            { type: 'ADDED', object: { metadata: { name: 'a' } } },
            {
              type: 'BOOKMARK',
              object: {
                kind: 'ConfigMap',
                metadata: { resourceVersion: /^\d+$/, annotations: { 'k8s.io/initial-events-end': 'true' } },
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a collection is deleted as far as it is selected',
    source: CONCEPTS,
    given: FOUR,
    steps: [
      { verb: 'deletecollection', ...IN_SHOP, query: { labelSelector: 'tier=front' } },
      { verb: 'list', ...IN_SHOP, query: OWN, expect: { names: ['a', 'b'] } },
    ],
  },
];
