import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { containers, create, patch, settings, web } from './requests.ts';

const PAGE = 'https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/';
const STRATEGIC = 'staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go';
const HANDLER = 'staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go';

/** A Deployment with a second container. */
const both = create('maker', web(containersOf({ name: 'web', image: 'a' }, { name: 'log', image: 'l' })));

function containersOf(...list: readonly Readonly<Record<string, unknown>>[]) {
  return { template: { metadata: { labels: { app: 'web' } }, spec: { containers: list } } };
}

/** Bodies with these containers, in this order. */
function withContainers(...list: readonly unknown[]) {
  return { code: 200, body: { spec: { template: { spec: { containers: list } } } } };
}

export const PATCH_CASES: readonly ConformanceCase[] = [
  {
    name: 'a merge patch sets, replaces and removes fields',
    source: `${PAGE}#use-a-json-merge-patch-to-update-a-deployment`,
    steps: [
      create('maker', settings({ a: '1', b: '2' })),
      patch(
        settings({}),
        'merge',
        { data: { a: '9', b: null, c: '3' } },
        {
          code: 200,
          body: { data: { a: '9', b: ABSENT, c: '3' } },
        },
      ),
    ],
  },
  {
    name: 'a merge patch replaces lists',
    source: `${PAGE}#use-a-json-merge-patch-to-update-a-deployment`,
    steps: [
      both,
      patch(web(), 'merge', { spec: containers({ name: 'one', image: 'o' }) }, withContainers({ name: 'one' })),
    ],
  },
  {
    name: 'a JSON patch takes its steps in order, or none of them',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-update',
    steps: [
      create('maker', settings({ a: '1' })),
      patch(
        settings({}),
        'json',
        [
          { op: 'test', path: '/data/a', value: '1' },
          { op: 'add', path: '/data/b', value: '2' },
          { op: 'move', from: '/data/a', path: '/data/c' },
        ],
        { code: 200, body: { data: { a: ABSENT, b: '2', c: '1' } } },
      ),
      patch(
        settings({}),
        'json',
        [
          { op: 'remove', path: '/data/b' },
          { op: 'test', path: '/data/c', value: '7' },
        ],
        {
          code: 422,
          reason: 'Invalid',
          message: 'the server rejected our request due to an error in our request',
        },
      ),
      patch(settings({}), 'merge', {}, { body: { data: { b: '2', c: '1' } } }),
    ],
  },
  {
    name: 'a JSON patch cannot remove what is not there',
    source: HANDLER,
    steps: [
      create('maker', settings({ a: '1' })),
      patch(settings({}), 'json', [{ op: 'remove', path: '/data/b' }], { code: 422, reason: 'Invalid' }),
      patch(settings({}), 'json', [{ op: 'replace', path: '/data/b', value: '2' }], {
        code: 200,
        body: { data: { a: '1', b: '2' } },
      }),
    ],
  },
  {
    name: 'a patch that is no patch is refused',
    source: HANDLER,
    steps: [
      create('maker', settings({ a: '1' })),
      patch(
        settings({}),
        'json',
        { data: {} },
        {
          code: 400,
          reason: 'BadRequest',
          message: 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
        },
      ),
      patch(settings({}), 'merge', [], {
        code: 400,
        message: 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
      }),
    ],
  },
  {
    name: 'a strategic merge patch merges containers by name',
    source: `${PAGE}#use-a-strategic-merge-patch-to-update-a-deployment`,
    steps: [
      both,
      patch(
        web(),
        'strategic',
        { spec: containers({ name: 'log', image: 'x' }, { name: 'new', image: 'n' }) },
        withContainers({ name: 'web', image: 'a' }, { name: 'log', image: 'x' }, { name: 'new', image: 'n' }),
      ),
    ],
  },
  {
    name: 'a strategic merge patch replaces tolerations, which have no merge key',
    source: `${PAGE}#notes-on-the-strategic-merge-patch`,
    steps: [
      create(
        'maker',
        web({
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'web', image: 'a' }], tolerations: [{ key: 'a', operator: 'Exists' }] },
          },
        }),
      ),
      patch(
        web(),
        'strategic',
        { spec: { template: { spec: { tolerations: [{ key: 'b', operator: 'Exists' }] } } } },
        { body: { spec: { template: { spec: { tolerations: [{ key: 'b', operator: 'Exists' }] } } } } },
      ),
    ],
  },
  {
    name: 'a strategic merge patch deletes and replaces items by directive',
    source: STRATEGIC,
    steps: [
      both,
      patch(
        web(),
        'strategic',
        { spec: containers({ name: 'log', $patch: 'delete' }) },
        withContainers({ name: 'web' }),
      ),
      patch(
        web(),
        'strategic',
        { spec: containers({ $patch: 'replace' }, { name: 'one', image: 'o' }) },
        withContainers({ name: 'one' }),
      ),
    ],
  },
  {
    name: 'a strategic merge patch retains the fields that it lists',
    source: `${PAGE}#use-strategic-merge-patch-to-update-a-deployment-using-the-retainkeys-strategy`,
    steps: [
      create('maker', web()),
      patch(
        web(),
        'strategic',
        { spec: { strategy: { type: 'Recreate' } } },
        {
          code: 422,
          message:
            'Deployment.apps "web" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is \'Recreate\'',
        },
      ),
      patch(
        web(),
        'strategic',
        { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
        {
          code: 200,
          body: { spec: { strategy: { type: 'Recreate', rollingUpdate: ABSENT } } },
        },
      ),
    ],
  },
  {
    name: 'a strategic merge patch orders lists as it says',
    source: STRATEGIC,
    steps: [
      both,
      patch(
        web(),
        'strategic',
        { spec: { template: { spec: { '$setElementOrder/containers': [{ name: 'log' }, { name: 'web' }] } } } },
        withContainers({ name: 'log' }, { name: 'web' }),
      ),
    ],
  },
  {
    name: 'a strategic merge patch deletes from lists of texts',
    source: STRATEGIC,
    steps: [
      create('maker', settings({}, { finalizers: ['example.com/a', 'example.com/b'] })),
      patch(
        settings({}),
        'strategic',
        { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } },
        {
          body: { metadata: { finalizers: ['example.com/b'] } },
        },
      ),
      patch(
        settings({}),
        'strategic',
        { metadata: { finalizers: ['example.com/c'] } },
        {
          body: { metadata: { finalizers: ['example.com/c', 'example.com/b'] } },
        },
      ),
      patch(settings({}), 'merge', { metadata: { finalizers: null } }),
    ],
  },
  {
    name: 'a strategic merge patch says which item has no name',
    source: STRATEGIC,
    steps: [
      both,
      patch(
        web(),
        'strategic',
        { spec: containers({ image: 'x' }) },
        {
          code: 500,
          message: 'map: map[image:x] does not contain declared merge key: name',
        },
      ),
    ],
  },
  {
    name: 'a patch with the revision of another time is a conflict',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions',
    steps: [
      { ...create('maker', settings({ a: '1' })), keep: 'made' },
      patch(settings({}), 'merge', { data: { a: '2' } }),
      patch(
        settings({}),
        'merge',
        { metadata: { resourceVersion: '${made.metadata.resourceVersion}' }, data: { a: '3' } },
        {
          code: 409,
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
        },
      ),
    ],
  },
  {
    name: 'a patch cannot give an object another name',
    source: HANDLER,
    steps: [
      create('maker', settings({ a: '1' })),
      patch(
        settings({}),
        'merge',
        { metadata: { name: 'other' } },
        {
          code: 400,
          message: 'the name of the object (other) does not match the name on the URL (settings)',
        },
      ),
    ],
  },
  {
    name: 'only an application can be forced',
    source: 'staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go',
    steps: [
      create('maker', settings({ a: '1' })),
      patch(
        settings({}),
        'merge',
        { data: { a: '2' } },
        {
          code: 422,
          message: 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
        },
        { force: 'true' },
      ),
    ],
  },
  {
    name: 'a patch of what is not there is not found',
    source: HANDLER,
    steps: [patch(settings({}), 'merge', { data: {} }, { code: 404, message: 'configmaps "settings" not found' })],
  },
];
