/** Definitions and custom resources that are refused. */
import { ABSENT, type ConformanceCase, type Json } from '../conformance-case.ts';
import { CRON_TABS, define, definition, DEFINITIONS, ESTABLISHED, make, NAME, SOURCE, version } from './cron-tabs.ts';

/** A definition that is refused for one reason. */
function refused(name: string, body: Json, why: string): ConformanceCase {
  const code = { code: 422, reason: 'Invalid' };
  const message = `CustomResourceDefinition.apiextensions.k8s.io "${NAME}" is invalid: ${why}`;
  return { name, source: SOURCE, namespaces: [], steps: [define(body, { ...code, message })] };
}

/** A custom resource that the schema refuses. */
function invalid(name: string, spec: Json, why: string | RegExp): ConformanceCase {
  const message = typeof why === 'string' ? `CronTab.stable.example.com "backup" is invalid: ${why}` : why;
  const refusal = make(spec, { code: 422, reason: 'Invalid', message });
  return { name, source: `${SOURCE}#validation`, steps: [define(definition([version('v1')])), ESTABLISHED, refusal] };
}

export const CUSTOM_RESOURCE_VALIDATION_CASES: readonly ConformanceCase[] = [
  invalid(
    'a custom resource with a value of another type is invalid',
    { replicas: 'two' },
    'spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
  ),
  invalid(
    'a number beyond its bounds is invalid',
    { replicas: 11 },
    'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
  ),
  invalid(
    'a text that does not match its pattern is invalid',
    { cronSpec: '* * * *' },
    'spec.cronSpec: Invalid value: "* * * *": spec.cronSpec in body should match \'^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$\'',
  ),
  invalid(
    'a value outside of an enumeration is unsupported',
    { policy: 'Replace' },
    'spec.policy: Unsupported value: "Replace": supported values: "Allow", "Forbid"',
  ),
  invalid(
    'a text that is too short is invalid',
    { image: '' },
    'spec.image: Invalid value: "": spec.image in body should be at least 1 chars long',
  ),
  invalid(
    'a list with too many items is invalid',
    { ports: [{ port: 1 }, { port: 2 }, { port: 3 }] },
    'spec.ports: Too many: 3: must have at most 2 items',
  ),
  invalid(
    'several wrong fields are told together',
    { limits: { a: 1 }, replicas: 0 },
    // In any order.
    /^CronTab\.stable\.example\.com "backup" is invalid: \[(spec\.limits\.a: Invalid value: "integer": spec\.limits\.a in body must be of type string: "integer"(, |\]$)|spec\.replicas: Invalid value: 0: spec\.replicas in body should be greater than or equal to 1(, |\]$)){2}$/,
  ),
  {
    name: 'a required field that has no default must be there',
    source: `${SOURCE}#validation`,
    steps: [
      define(
        definition([
          version('v1', {
            schema: {
              openAPIV3Schema: {
                type: 'object',
                required: ['spec'],
                properties: {
                  spec: { type: 'object', required: ['image'], properties: { image: { type: 'string' } } },
                },
              },
            },
          }),
        ]),
      ),
      ESTABLISHED,
      make({}, { code: 422, message: 'CronTab.stable.example.com "backup" is invalid: spec.image: Required value' }),
      {
        verb: 'create',
        ...CRON_TABS,
        body: { apiVersion: 'stable.example.com/v1', kind: 'CronTab', metadata: { name: 'backup' } },
        expect: { code: 422, message: 'CronTab.stable.example.com "backup" is invalid: spec: Required value' },
      },
    ],
  },
  refused(
    'a definition needs a schema that says what type each field has',
    definition([
      version('v1', { schema: { openAPIV3Schema: { type: 'object', properties: { spec: { properties: {} } } } } }),
    ]),
    'spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields',
  ),
  {
    name: 'a definition keeps its objects in exactly one version',
    source: SOURCE,
    namespaces: [],
    steps: [
      define(definition([version('v1', { storage: false })]), {
        code: 422,
        message: /: must have exactly one version marked as storage version$/,
      }),
    ],
  },
  refused(
    'a definition is for namespaced or cluster-scoped objects',
    definition([version('v1')], { scope: 'Global' }),
    'spec.scope: Unsupported value: "Global": supported values: "Cluster", "Namespaced"',
  ),
  {
    name: 'a definition has the name of what it defines',
    source: SOURCE,
    namespaces: [],
    steps: [
      define(definition([version('v1')], {}, 'tabs.stable.example.com'), {
        code: 422,
        reason: 'Invalid',
        message:
          'CustomResourceDefinition.apiextensions.k8s.io "tabs.stable.example.com" is invalid: metadata.name: Invalid value: "tabs.stable.example.com": must be spec.names.plural+"."+spec.group',
      }),
    ],
  },
  {
    name: 'names that another definition of the group has are not accepted until it is gone',
    source: 'staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go',
    namespaces: [],
    steps: [
      define(definition([version('v1')])),
      ESTABLISHED,
      define(
        definition(
          [version('v1')],
          { names: { plural: 'tabs', kind: 'Tab', shortNames: ['ct'] } },
          'tabs.stable.example.com',
        ),
      ),
      {
        verb: 'get',
        ...DEFINITIONS,
        name: 'tabs.stable.example.com',
        eventuallyMs: 30_000,
        expect: {
          body: {
            status: {
              acceptedNames: { plural: 'tabs', singular: 'tab', kind: 'Tab', listKind: 'TabList', shortNames: ABSENT },
              conditions: [
                {
                  type: 'NamesAccepted',
                  status: 'False',
                  reason: 'ShortNamesConflict',
                  message: '"ct" is already in use',
                },
                {
                  type: 'Established',
                  status: 'False',
                  reason: 'NotAccepted',
                  message: 'not all names are accepted',
                },
              ],
            },
          },
        },
      },
      { verb: 'delete', ...DEFINITIONS, name: NAME },
      {
        verb: 'get',
        ...DEFINITIONS,
        name: 'tabs.stable.example.com',
        eventuallyMs: 60_000,
        expect: {
          body: {
            status: {
              acceptedNames: { shortNames: ['ct'] },
              conditions: [
                { type: 'NamesAccepted', status: 'True' },
                { type: 'Established', status: 'True' },
              ],
            },
          },
        },
      },
    ],
  },
  {
    name: 'of an established definition neither scope nor kind can change, and no stored version can go',
    source: SOURCE,
    namespaces: [],
    steps: [
      define(definition([version('v1')])),
      { ...ESTABLISHED, keep: 'made' },
      {
        verb: 'update',
        ...DEFINITIONS,
        name: NAME,
        onto: 'made',
        body: { spec: { scope: 'Cluster' } },
        expect: {
          code: 422,
          message: `CustomResourceDefinition.apiextensions.k8s.io "${NAME}" is invalid: spec.scope: Invalid value: "Cluster": field is immutable`,
        },
      },
      {
        verb: 'update',
        ...DEFINITIONS,
        name: NAME,
        onto: 'made',
        body: { spec: { versions: [version('v2')] } },
        expect: {
          code: 422,
          message: `CustomResourceDefinition.apiextensions.k8s.io "${NAME}" is invalid: status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions`,
        },
      },
    ],
  },
];
