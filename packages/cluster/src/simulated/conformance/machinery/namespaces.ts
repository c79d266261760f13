/** How namespaces begin and end. */
import { ABSENT, type ConformanceCase, type RequestStep } from '../conformance-case.ts';

const SOURCE = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/';
const NAMESPACES = { resource: 'v1/namespaces' } as const;
const SETTINGS = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };
const REMOVE_SHOP: RequestStep = { verb: 'delete', ...NAMESPACES, name: 'shop' };

export const NAMESPACE_CASES: readonly ConformanceCase[] = [
  {
    name: 'a cluster begins with four namespaces',
    source: `${SOURCE}#initial-namespaces`,
    namespaces: [],
    steps: [
      {
        verb: 'list',
        ...NAMESPACES,
        expect: {
          some: ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => ({
            metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
            spec: { finalizers: ['kubernetes'] },
            status: { phase: 'Active' },
          })),
        },
      },
    ],
  },
  {
    name: 'a new namespace is active, labelled by its name and held by the finalizer of Kubernetes',
    source: `${SOURCE}#automatic-labelling`,
    namespaces: [],
    steps: [
      {
        verb: 'create',
        ...NAMESPACES,
        body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
        expect: {
          code: 201,
          body: {
            metadata: { labels: { 'kubernetes.io/metadata.name': 'shop' }, generation: ABSENT },
            spec: { finalizers: ['kubernetes'] },
            status: { phase: 'Active' },
          },
        },
      },
    ],
  },
  {
    name: 'a deleted namespace takes what is in it along',
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/namespaces/#deleting-a-namespace',
    given: [SETTINGS],
    steps: [
      {
        ...REMOVE_SHOP,
        expect: { code: 200, body: { metadata: { deletionTimestamp: /Z$/ }, status: { phase: 'Terminating' } } },
      },
      { verb: 'get', ...NAMESPACES, name: 'shop', expect: { code: 404 }, eventuallyMs: 60_000 },
      { verb: 'list', resource: 'v1/configmaps', namespace: 'shop', expect: { count: 0 } },
    ],
  },
  {
    name: 'nothing can be made in a namespace that is being deleted',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle',
    given: [{ ...SETTINGS, metadata: { ...SETTINGS.metadata, finalizers: ['example.com/hold'] } }],
    steps: [
      REMOVE_SHOP,
      {
        verb: 'create',
        resource: 'v1/configmaps',
        namespace: 'shop',
        body: { ...SETTINGS, metadata: { name: 'late' } },
        expect: {
          code: 403,
          reason: 'Forbidden',
          message:
            'configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated',
          body: {
            details: {
              name: 'late',
              kind: 'configmaps',
              causes: [
                {
                  reason: 'NamespaceTerminating',
                  message: 'namespace shop is being terminated',
                  field: 'metadata.namespace',
                },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'a namespace whose content is held says what is left and what holds it',
    source: 'pkg/controller/namespace/deletion/status_condition_utils.go',
    given: [{ ...SETTINGS, metadata: { ...SETTINGS.metadata, finalizers: ['example.com/hold'] } }],
    steps: [
      REMOVE_SHOP,
      {
        verb: 'get',
        ...NAMESPACES,
        name: 'shop',
        eventuallyMs: 60_000,
        expect: {
          body: {
            status: {
              phase: 'Terminating',
              conditions: [
                {
                  type: 'NamespaceDeletionDiscoveryFailure',
                  status: 'False',
                  reason: 'ResourcesDiscovered',
                  message: 'All resources successfully discovered',
                },
                {
                  type: 'NamespaceDeletionGroupVersionParsingFailure',
                  status: 'False',
                  reason: 'ParsedGroupVersions',
                  message: 'All legacy kube types successfully parsed',
                },
                {
                  type: 'NamespaceDeletionContentFailure',
                  status: 'False',
                  reason: 'ContentDeleted',
                  message: 'All content successfully deleted, may be waiting on finalization',
                },
                {
                  type: 'NamespaceContentRemaining',
                  status: 'True',
                  reason: 'SomeResourcesRemain',
                  message: 'Some resources are remaining: configmaps. has 1 resource instances',
                },
                {
                  type: 'NamespaceFinalizersRemaining',
                  status: 'True',
                  reason: 'SomeFinalizersRemain',
                  message:
                    'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
                },
              ],
            },
          },
        },
      },
      {
        verb: 'patch',
        resource: 'v1/configmaps',
        namespace: 'shop',
        name: 'settings',
        body: { metadata: { finalizers: null } },
      },
      { verb: 'get', ...NAMESPACES, name: 'shop', expect: { code: 404 }, eventuallyMs: 60_000 },
    ],
  },
  {
    name: 'the first namespaces cannot be deleted',
    source: 'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#namespacelifecycle',
    namespaces: [],
    steps: [
      {
        verb: 'delete',
        ...NAMESPACES,
        name: 'kube-system',
        expect: {
          code: 403,
          reason: 'Forbidden',
          message: 'namespaces "kube-system" is forbidden: this namespace may not be deleted',
        },
      },
    ],
  },
];
