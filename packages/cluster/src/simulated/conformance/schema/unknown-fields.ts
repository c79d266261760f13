import { ABSENT, type ConformanceCase } from '../conformance-case.ts';
import { create, patch, settings, web } from './requests.ts';

const PAGE = 'https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation';
const STRICT = { fieldValidation: 'Strict' };
const DECODER = 'staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go';

export const FIELD_CASES: readonly ConformanceCase[] = [
  {
    name: 'a strict request with unknown fields is refused',
    source: PAGE,
    steps: [
      create(
        'maker',
        { ...web({ replica: 1 }), colour: 'red' },
        {
          code: 400,
          reason: 'BadRequest',
          message:
            'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "colour"',
        },
        STRICT,
      ),
    ],
  },
  {
    name: 'unknown fields are dropped where the request is not strict',
    source: PAGE,
    steps: [
      create('maker', { ...settings({ a: '1' }), colour: 'red' }, { code: 201, body: { colour: ABSENT } }),
      patch(
        settings({}),
        'merge',
        { colour: 'red', data: { b: '2' } },
        {
          code: 200,
          body: { colour: ABSENT, data: { a: '1', b: '2' } },
        },
      ),
    ],
  },
  {
    name: 'a strict patch with unknown fields is refused',
    source: PAGE,
    steps: [
      create('maker', web()),
      patch(
        web(),
        'strategic',
        { spec: { replica: 1 } },
        {
          code: 422,
          reason: 'Invalid',
          message:
            ' "" is invalid: patch: Invalid value: "map[spec:map[replica:1]]": strict decoding error: unknown field "spec.replica"',
        },
        STRICT,
      ),
      patch(
        web(),
        'merge',
        { spec: { replica: 1 } },
        {
          code: 422,
          message: /^ "" is invalid: patch: Invalid value: .*: strict decoding error: unknown field "spec\.replica"$/,
        },
        STRICT,
      ),
    ],
  },
  {
    name: 'a text where a number belongs is refused',
    source: DECODER,
    steps: [
      create('maker', web({ replicas: '1' }), {
        code: 400,
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      }),
    ],
  },
  {
    name: 'a number where a text belongs is refused',
    source: DECODER,
    steps: [
      create('maker', settings({ a: 1 }), {
        code: 400,
        message:
          'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
      }),
      create('maker', web({}, { annotations: { enabled: true } }), {
        code: 400,
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string',
      }),
    ],
  },
  {
    name: 'what is no quantity is refused by the form of quantities',
    source: 'staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go',
    steps: [
      {
        verb: 'create',
        resource: 'v1/persistentvolumeclaims',
        namespace: 'shop',
        body: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: 'large' } } },
        },
        expect: {
          code: 400,
          message:
            'PersistentVolumeClaim in version "v1" cannot be handled as a PersistentVolumeClaim: quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'',
        },
      },
    ],
  },
  {
    name: 'a patch to a wrong type is refused',
    source: 'staging/src/k8s.io/apimachinery/pkg/runtime/converter.go',
    steps: [
      create('maker', web()),
      patch(
        web(),
        'strategic',
        { spec: { replicas: 'one' } },
        {
          code: 422,
          message: ' "" is invalid: patch: Invalid value: "map[spec:map[replicas:one]]": unrecognized type: int32',
        },
      ),
    ],
  },
  {
    name: 'null is as good as nothing',
    source: 'https://kubernetes.io/docs/reference/using-api/api-concepts/',
    steps: [
      create('maker', web({ paused: null, revisionHistoryLimit: null }), {
        code: 201,
        body: { spec: { paused: ABSENT, revisionHistoryLimit: 10 } },
      }),
    ],
  },
];
