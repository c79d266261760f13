import type { ConformanceCase } from '../conformance-case.ts';
import { apply, create, deployment, containers, owns, patch, settings, web } from './requests.ts';

const PAGE = 'https://kubernetes.io/docs/reference/using-api/server-side-apply/';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What applying refuses, and how it gets its way. */
export const CONFLICT_CASES: readonly ConformanceCase[] = [
  {
    name: 'applying another value than another applier is a conflict',
    source: `${PAGE}#conflicts`,
    steps: [
      apply('team', settings({ a: '1' })),
      apply('other', settings({ a: '2' }), {
        code: 409,
        reason: 'Conflict',
        message: 'Apply failed with 1 conflict: conflict with "team": .data.a',
        body: {
          details: {
            causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "team"', field: '.data.a' }],
          },
        },
      }),
    ],
  },
  {
    name: 'a conflict with who updated names the version of that update',
    source: `${PAGE}#conflicts`,
    steps: [
      create('kubectl-client-side-apply', web()),
      apply('team', deployment({ replicas: 1 }), {
        code: 409,
        message:
          'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
      }),
    ],
  },
  {
    name: 'several conflicts are listed by manager',
    source: `${PAGE}#conflicts`,
    steps: [
      apply('one', web()),
      patch(web(), 'merge', { spec: { paused: true } }),
      apply(
        'team',
        deployment({ replicas: 1, paused: false, ...containers({ name: 'web', image: 'registry.k8s.io/pause:3.9' }) }),
        {
          code: 409,
          message: [
            'Apply failed with 3 conflicts: conflicts with "editor" using apps/v1:',
            '- .spec.paused',
            'conflicts with "one":',
            '- .spec.replicas',
            '- .spec.template.spec.containers[name="web"].image',
          ].join('\n'),
        },
      ),
    ],
  },
  {
    name: 'a conflict over a scaled workload names the subresource',
    source: `${PAGE}#transferring-ownership`,
    steps: [
      apply('team', web()),
      {
        verb: 'patch',
        resource: 'apps/v1/deployments',
        namespace: 'shop',
        name: 'web',
        subresource: 'scale',
        body: { spec: { replicas: 1 } },
        query: { fieldManager: 'autoscaler' },
      },
      apply('team', web(), {
        code: 409,
        message:
          'Apply failed with 1 conflict: conflict with "autoscaler" with subresource "scale" using apps/v1: .spec.replicas',
      }),
      apply('team', deployment({ selector: { matchLabels: { app: 'web' } }, ...podsOf() }), {
        body: { spec: { replicas: 1 } },
      }),
    ],
  },
  {
    name: 'a forced application takes over what others own',
    source: `${PAGE}#conflicts`,
    steps: [
      apply('team', settings({ a: '1', b: '2' })),
      // Entries are ordered by their time, in seconds.
      { passMs: 1000 },
      apply(
        'other',
        settings({ a: '9' }),
        {
          code: 200,
          body: {
            data: { a: '9', b: '2' },
            metadata: {
              managedFields: [
                owns('team', 'Apply', { 'f:data': { 'f:b': {} } }),
                owns('other', 'Apply', { 'f:data': { 'f:a': {} } }),
              ],
            },
          },
        },
        { force: 'true' },
      ),
    ],
  },
  {
    name: 'fields of an object whose owners were forgotten were there before the first application',
    source: `${PAGE}#upgrading-from-client-side-apply-to-server-side-apply`,
    steps: [
      create('maker', settings({ a: '1' })),
      patch(settings({}), 'merge', { metadata: { managedFields: [{}] } }),
      apply('team', settings({ a: '2' }), {
        code: 409,
        message: 'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
      }),
    ],
  },
  {
    name: 'kubectl takes over what its client-side apply wrote, and keeps the annotation true',
    source: `${PAGE}#upgrading-from-client-side-apply-to-server-side-apply`,
    steps: [
      create(
        'kubectl-client-side-apply',
        settings({ a: '1' }, { annotations: { [LAST_APPLIED]: JSON.stringify(settings({ a: '1' })) } }),
      ),
      apply('kubectl', settings({ a: '2' }), {
        code: 200,
        body: {
          data: { a: '2' },
          metadata: { annotations: { [LAST_APPLIED]: /"data":\{"a":"2"\}/ } },
        },
      }),
    ],
  },
  {
    name: 'atomic maps are owned as one',
    source: `${PAGE}#merge-strategy`,
    steps: [
      apply('team', web({ ...podsOf({ nodeSelector: { zone: 'a' } }) })),
      apply('other', deployment({ template: { spec: { nodeSelector: { disk: 'ssd' } } } }), {
        code: 409,
        message: 'Apply failed with 1 conflict: conflict with "team": .spec.template.spec.nodeSelector',
      }),
    ],
  },
  {
    name: 'nobody applies without a name',
    source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management',
    steps: [
      {
        verb: 'apply',
        resource: 'v1/configmaps',
        namespace: 'shop',
        name: 'settings',
        body: settings({}),
        expect: {
          code: 422,
          reason: 'Invalid',
          message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        },
      },
    ],
  },
  {
    name: 'a configuration must not bring owners of fields',
    source: `${PAGE}#clearing-managedfields`,
    steps: [
      apply('team', settings({}, { managedFields: [] }), {
        code: 400,
        message: 'metadata.managedFields must be nil',
      }),
    ],
  },
  {
    name: 'a configuration of fields that the kind does not have is refused',
    source: 'staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go',
    steps: [
      apply('team', deployment({ replica: 1 }), {
        code: 500,
        message:
          'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema',
      }),
      apply('team', deployment({ replicas: 'one' }), {
        code: 500,
        message:
          'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string',
      }),
    ],
  },
  {
    name: 'a configuration must not name an item of a list twice',
    source: `${PAGE}#merge-strategy`,
    steps: [
      apply('team', deployment(containers({ name: 'web', image: 'a' }, { name: 'web', image: 'b' })), {
        code: 500,
        message:
          'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="web"]',
      }),
    ],
  },
];

function podsOf(spec: Readonly<Record<string, unknown>> = {}) {
  const container = { name: 'web', image: 'registry.k8s.io/pause:3.10' };
  return { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container], ...spec } } };
}
