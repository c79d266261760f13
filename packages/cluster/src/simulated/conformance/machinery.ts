import type { ConformanceCase } from './conformance-case.ts';

/** Storing, finding, watching and deleting. */
export const MACHINERY_CASES: readonly ConformanceCase[] = [
  {
    name: 'a name can be taken once',
    source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
    given: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } }],
    steps: [
      {
        verb: 'create',
        resource: 'v1/configmaps',
        namespace: 'shop',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
        expect: {
          code: 409,
          reason: 'AlreadyExists',
          message: 'configmaps "settings" already exists',
          body: { details: { name: 'settings', kind: 'configmaps' } },
        },
      },
      {
        verb: 'get',
        resource: 'v1/configmaps',
        namespace: 'shop',
        name: 'other',
        expect: { code: 404, reason: 'NotFound', message: 'configmaps "other" not found' },
      },
    ],
  },
  {
    name: 'a write to what has changed since it was read is refused',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions',
    given: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } }],
    steps: [
      { verb: 'get', resource: 'v1/configmaps', namespace: 'shop', name: 'settings', keep: 'read' },
      {
        verb: 'update',
        resource: 'v1/configmaps',
        namespace: 'shop',
        name: 'settings',
        onto: 'read',
        body: { data: { mode: 'slow' } },
      },
      {
        verb: 'update',
        resource: 'v1/configmaps',
        namespace: 'shop',
        name: 'settings',
        onto: 'read',
        body: { data: { mode: 'fast' } },
        expect: {
          code: 409,
          reason: 'Conflict',
          message:
            'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
        },
      },
    ],
  },
];
