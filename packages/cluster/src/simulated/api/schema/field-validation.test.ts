import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.ts';
import { CONFIG_MAPS, DEPLOYMENTS, PERSISTENT_VOLUME_CLAIMS, PODS, SECRETS, SERVICES } from '../built-in-types.ts';
import type { Fields } from '../patch/json.ts';
import type { ResourceType } from '../resource-type.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { decodedObject, type ValidationDirective } from './field-validation.ts';

const warnings: string[] = [];

function read(type: ResourceType, object: Fields, directive: ValidationDirective = 'Strict'): Fields | string {
  warnings.length = 0;
  try {
    return decodedObject(type, object, { directive, warn: (text) => void warnings.push(text) });
  } catch (error) {
    if (error instanceof ApiError) return `${error.status.code} ${error.message}`;
    throw error;
  }
}

const container = (more: object) => ({ spec: { containers: [{ name: 'web', ...more }] } });

describe('unknown fields', () => {
  const object = { spec: { replica: 1, template: { spec: { containers: [{ name: 'a', imag: 'b' }] } } } };

  it('are refused where the request is strict, in the order of the object', () => {
    expect(read(DEPLOYMENTS, object)).toBe(
      '400 Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica", unknown field "spec.template.spec.containers[0].imag"',
    );
  });

  it('are dropped with a warning, or without', () => {
    const understood = { spec: { template: { spec: { containers: [{ name: 'a' }] } } } };
    expect(read(DEPLOYMENTS, object, 'Warn')).toMatchObject(understood);
    expect(warnings).toEqual(['unknown field "spec.replica"', 'unknown field "spec.template.spec.containers[0].imag"']);
    expect(read(DEPLOYMENTS, object, 'Ignore')).toMatchObject(understood);
    expect(warnings).toEqual([]);
    expect(JSON.stringify(read(DEPLOYMENTS, object, 'Ignore'))).not.toContain('imag');
  });

  it('are told by exact letters', () => {
    expect(read(CONFIG_MAPS, { Data: { a: 'b' } })).toContain('unknown field "Data"');
  });
});

describe('values of wrong types', () => {
  // Texts as Go's decoder of Kubernetes 1.36 says them.
  it.each([
    [
      DEPLOYMENTS,
      { spec: { replicas: '3' } },
      'string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      DEPLOYMENTS,
      { spec: { replicas: 1.5 } },
      'number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      DEPLOYMENTS,
      { spec: { template: container({ env: [{ name: 'PORT', value: 8080 }] }) } },
      'number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
    ],
    [
      PODS,
      { metadata: { labels: { version: 1 } } },
      'number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [PODS, container({ args: 'x' }), 'string into Go struct field Container.spec.containers.args of type []string'],
    [PODS, { spec: { containers: {} } }, 'object into Go struct field PodSpec.spec.containers of type []v1.Container'],
    [PODS, { spec: [] }, 'array into Go struct field Pod.spec of type v1.PodSpec'],
    [
      PODS,
      container({ imagePullPolicy: true }),
      'bool into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy',
    ],
    [
      PODS,
      { spec: { volumes: [{ name: 'a', secret: 'b' }] } },
      'string into Go struct field Volume.spec.volumes.VolumeSource.secret of type v1.SecretVolumeSource',
    ],
    [
      SERVICES,
      { spec: { ports: [{ port: 80, targetPort: true }] } },
      'bool into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
  ])('in %o', (type, object, problem) => {
    const { kind, version } = type as ResourceType;
    expect(read(type, object)).toBe(
      `400 ${kind} in version "${version}" cannot be handled as a ${kind}: json: cannot unmarshal ${problem}`,
    );
  });

  it('of quantities, times and bytes are told by what reads them', () => {
    const claim = (storage: unknown) => ({ spec: { resources: { requests: { storage } } } });
    expect(read(PERSISTENT_VOLUME_CLAIMS, claim('ten'))).toContain('quantities must match the regular expression');
    expect(read(PERSISTENT_VOLUME_CLAIMS, claim('10ki'))).toContain("unable to parse quantity's suffix");
    expect(read(PODS, { spec: {}, metadata: { creationTimestamp: 'today' } })).toContain(
      'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
    );
    expect(read(SECRETS, { data: { key: 'not base64' } })).toContain('illegal base64 data at input byte 3');
  });

  it('are told before unknown fields', () => {
    expect(read(PODS, { colour: 'red', spec: { hostNetwork: 'yes' } })).toMatch(
      /^400 .* json: cannot unmarshal string/,
    );
  });
});

describe('what is understood', () => {
  it('has no nulls, and neither lists nor maps that are empty', () => {
    const given = { metadata: { name: 'a', labels: {}, annotations: null }, data: {}, immutable: null };
    expect(read(CONFIG_MAPS, given)).toEqual({ metadata: { name: 'a' } });
    expect(read(PODS, container({ args: [], env: null }))).toEqual(container({ resources: {} }));
  });

  it('has the structs that Go always writes', () => {
    expect(read(DEPLOYMENTS, { spec: { selector: {} } })).toEqual({
      spec: { selector: {}, strategy: {}, template: { spec: {} } },
    });
  });

  it('has numbers as quantities', () => {
    expect(read(PODS, container({ resources: { limits: { cpu: 2 } } }))).toEqual(
      container({ resources: { limits: { cpu: '2' } } }),
    );
  });
});

describe('duplicateFields', () => {
  it.each([
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['duplicate field "a"']],
    ['{"spec":{"list":[{"x":1},{"x":1,"y":",:{","x":2}]}}', ['duplicate field "spec.list[1].x"']],
    ['{"a":{"b":[1,2,{"c":[]}]},"a":{}}', ['duplicate field "a"']],
    [String.raw`{"a\"":"{","b":"a","a\"":1}`, [String.raw`duplicate field "a\""`]],
  ])('in %s', (text, wanted) => {
    expect(duplicateFields(text)).toEqual(wanted);
  });
});
