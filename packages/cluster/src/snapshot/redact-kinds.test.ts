import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noRedactions, redactObject, type RedactionCounts } from './redact.ts';
import { MASK } from './secret-patterns.ts';

const SECRET = 'Zx9-hunter2';
type Json = Record<string, unknown>;

function redacted(group: string, object: Json): { readonly object: Json; readonly counts: RedactionCounts } {
  const copy = structuredClone({ metadata: { name: 'x' }, ...object });
  const counts = noRedactions();
  redactObject(copy, group, counts);
  return { object: copy, counts };
}

const podWith = (spec: Json, status: Json = {}): Json => ({ kind: 'Pod', spec, status });
const inContainer = (container: Json): Json => podWith({ containers: [{ name: 'c', ...container }] });

describe('where pods hold secrets', () => {
  it.each<[string, Json, Partial<RedactionCounts>]>([
    ['shell commands', inContainer({ command: ['sh', '-c', `export PASSWORD=${SECRET} && exec app`] }), { args: 1 }],
    [
      'a user and password of curl',
      inContainer({ command: ['curl', '-u', `admin:${SECRET}`, 'https://x'] }),
      { args: 1 },
    ],
    [
      'commands of probes',
      inContainer({ livenessProbe: { exec: { command: ['redis-cli', `--pass=${SECRET}`, 'ping'] } } }),
      { args: 1 },
    ],
    [
      'headers of probes',
      inContainer({
        readinessProbe: { httpGet: { path: '/', port: 80, httpHeaders: [{ name: 'Authorization', value: SECRET }] } },
      }),
      { args: 1 },
    ],
    ['queries of probes', inContainer({ startupProbe: { httpGet: { path: `/ok?token=${SECRET}` } } }), { args: 1 }],
    [
      'hooks',
      inContainer({
        lifecycle: { preStop: { exec: { command: ['sh', '-c', `mysqladmin -uroot -p${SECRET} shutdown`] } } },
      }),
      { args: 1 },
    ],
    [
      'ephemeral containers',
      podWith({ containers: [], ephemeralContainers: [{ name: 'd', env: [{ name: 'SMTP_PASS', value: SECRET }] }] }),
      { env: 1 },
    ],
    [
      'attributes of volumes',
      podWith({ volumes: [{ name: 'v', csi: { driver: 'd', volumeAttributes: { clientSecret: SECRET } } }] }),
      { fields: 1 },
    ],
    [
      'conditions',
      podWith(
        {},
        { conditions: [{ type: 'Ready', status: 'False', message: `login with password=${SECRET} failed` }] },
      ),
      { messages: 1 },
    ],
    [
      'states of ephemeral containers',
      podWith({}, { ephemeralContainerStatuses: [{ state: { terminated: { message: `token=${SECRET}` } } }] }),
      { messages: 1 },
    ],
  ])('%s', (_, pod, expected) => {
    const { object, counts } = redacted('', pod);
    expect(JSON.stringify(object)).not.toContain(SECRET);
    expect(counts).toEqual({ ...noRedactions(), ...expected });
    const again = redacted('', object);
    expect(again.object).toEqual(object);
    expect(again.counts).toEqual(noRedactions());
  });
});

describe('where other kinds hold secrets', () => {
  const gzip = `H4sIAAAAAAAA/${'a1B2'.repeat(30)}`;
  it.each<[string, string, Json]>([
    [
      'argoproj.io',
      'parameters of Argo CD',
      {
        kind: 'Application',
        spec: {
          source: {
            helm: { parameters: [{ name: 'db.password', value: SECRET }], values: `db:\n  password: ${SECRET}\n` },
          },
        },
      },
    ],
    [
      'batch',
      'annotations of job templates',
      { kind: 'CronJob', spec: { jobTemplate: { metadata: { annotations: { token: SECRET } }, spec: {} } } },
    ],
    [
      'helm.toolkit.fluxcd.io',
      'values of Helm releases',
      {
        kind: 'HelmRelease',
        spec: { values: { auth: { rootPassword: SECRET, adminToken: SECRET } } },
      },
    ],
    [
      'argoproj.io',
      'templates of workflows',
      {
        kind: 'Workflow',
        spec: {
          templates: [{ container: { args: ['--password', SECRET], env: [{ name: 'API_KEY', value: SECRET }] } }],
        },
      },
    ],
    [
      'apps',
      'revisions',
      {
        kind: 'ControllerRevision',
        data: { spec: { template: { spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: SECRET }] }] } } } },
      },
    ],
    ['example.org', 'connection strings in status', { kind: 'Db', status: { url: `postgres://a:${SECRET}@h/x` } }],
    ['example.org', 'fields at the top', { kind: 'Db', password: SECRET }],
    [
      'external-secrets.io',
      'texts of ExternalSecrets',
      {
        kind: 'ExternalSecret',
        spec: { target: { template: { data: { dsn: `amqp://u:${SECRET}@q` } } } },
      },
    ],
    [
      'storage.k8s.io',
      'parameters of storage classes',
      { kind: 'StorageClass', parameters: { adminPassword: SECRET } },
    ],
    [
      '',
      'attributes of volumes',
      { kind: 'PersistentVolume', spec: { csi: { volumeAttributes: { password: SECRET } } } },
    ],
    [
      'admissionregistration.k8s.io',
      'URLs of webhooks',
      {
        kind: 'ValidatingWebhookConfiguration',
        webhooks: [{ clientConfig: { url: `https://u:${SECRET}@h/x` } }],
      },
    ],
    [
      'apps',
      'conditions',
      {
        kind: 'Deployment',
        status: { conditions: [{ message: `Post "https://u:${SECRET}@h": refused` }] },
      },
    ],
    [
      'apps',
      'annotations with a prefix',
      {
        kind: 'Deployment',
        metadata: { name: 'x', annotations: { 'example.org/api-token': SECRET } },
      },
    ],
    [
      'apps',
      'manifests kept by other tools',
      {
        kind: 'Deployment',
        metadata: {
          name: 'x',
          annotations: { 'kapp.k14s.io/original': `{"env":[{"name":"DB_PASSWORD","value":"${SECRET}"}]}` },
        },
      },
    ],
    ['', 'files that kubectl ended with a line', { kind: 'ConfigMap', data: { token: `${SECRET}\n` } }],
    ['', 'files of several lines that are a secret', { kind: 'ConfigMap', data: { credentials: `[x]\n${SECRET}\n` } }],
  ])('%s: %s', (group, _, given) => {
    const { object, counts } = redacted(group, given);
    expect(JSON.stringify(object)).not.toContain(SECRET);
    expect(Object.values(counts).reduce((a, b) => a + b)).toBeGreaterThan(0);
    const again = redacted(group, object);
    expect(again.object).toEqual(object);
    expect(again.counts).toEqual(noRedactions());
  });

  it('compressed manifests go whole: Helm in ConfigMaps, Rancher in annotations', () => {
    expect(redacted('', { kind: 'ConfigMap', data: { release: gzip } }).object['data']).toEqual({ release: MASK });
    const annotations = { 'objectset.rio.cattle.io/applied': gzip };
    expect(redacted('apps', { kind: 'Deployment', metadata: { annotations } }).counts.annotations).toBe(1);
  });

  it('Secrets keep no copy of their values in annotations', () => {
    const { object } = redacted('', {
      kind: 'Secret',
      metadata: {
        annotations: {
          'kapp.k14s.io/original': '{"kind":"Secret","data":{"a":"b3RoZXI="}}',
          'example.org/copy': 'is b25lLXZhbHVl',
          note: 'rotated monthly',
        },
      },
      data: { key: 'b25lLXZhbHVl' },
    });
    expect((object['metadata'] as Json)['annotations']).toEqual({ note: 'rotated monthly' });
  });
});

describe('what stays', () => {
  it.each<[string, Json]>([
    [
      'external-secrets.io',
      {
        kind: 'ExternalSecret',
        spec: { data: [{ secretKey: 'password', remoteRef: { key: 'prod/db', property: 'password' } }] },
      },
    ],
    [
      'cert-manager.io',
      {
        kind: 'Certificate',
        spec: {
          secretName: 'web-tls',
          privateKey: { algorithm: 'RSA', size: 2048 },
          keystores: { jks: { passwordSecretRef: { name: 'ks', key: 'password' } } },
        },
      },
    ],
    [
      'keda.sh',
      { kind: 'TriggerAuthentication', spec: { secretTargetRef: [{ parameter: 'password', name: 'db', key: 'pw' }] } },
    ],
    ['networking.istio.io', { kind: 'Gateway', spec: { servers: [{ tls: { credentialName: 'web-tls' } }] } }],
    [
      'helm.toolkit.fluxcd.io',
      {
        kind: 'HelmRelease',
        spec: { values: { auth: { existingSecret: 'db', secretKeys: { adminPasswordKey: 'pw' } } } },
      },
    ],
    ['rbac.authorization.k8s.io', { kind: 'Role', rules: [{ resources: ['secrets'], verbs: ['get'] }] }],
    [
      'apiextensions.k8s.io',
      { kind: 'CustomResourceDefinition', spec: { password: { description: 'token: a1b2c3d4' } } },
    ],
    [
      '',
      podWith({
        containers: [
          {
            name: 'token-service',
            image: 'r.example.org/secret-app:1@sha256:0123456789abcdef',
            env: [
              { name: 'TOKEN_TTL', value: '3600' },
              { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
          },
        ],
        volumes: [{ name: 's', secret: { secretName: 'db', items: [{ key: 'password', path: 'pw' }] } }],
        imagePullSecrets: [{ name: 'regcred' }],
      }),
    ],
    [
      'apps',
      {
        kind: 'Deployment',
        metadata: {
          name: 'x',
          annotations: {
            'checksum/secret': '3f1b0c7d9e5a4b2c8d6f7a1e0b9c8d7f',
            'checksum/auth-token': '3f1b0c7d9e5a4b2c8d6f7a1e0b9c8d7f',
            'nginx.ingress.kubernetes.io/auth-secret': 'basic-auth',
            'vault.hashicorp.com/agent-inject-secret-db': 'secret/data/db',
            'eks.amazonaws.com/token-expiration': '86400',
          },
        },
      },
    ],
  ])('%s %j', (group, given) => {
    const { object, counts } = redacted(group, given);
    expect(object).toEqual({ metadata: { name: 'x' }, ...given });
    expect(counts).toEqual(noRedactions());
  });

  it('for any JSON a second pass changes nothing, and deep nesting is survived', () => {
    const key = fc.constantFrom('password', 'name', 'value', 'token', 'spec', 'args', 'x');
    const text = fc.constantFrom('DB_PASSWORD', SECRET, `password=${SECRET}`, '--token', MASK, `a://b:${SECRET}@c`);
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, text, fc.dictionary(key, tie('tree')), fc.array(tie('tree'), { maxLength: 4 })),
    }));
    fc.assert(
      fc.property(tree, (spec) => {
        const once = redacted('example.org', { kind: 'Odd', spec });
        const twice = redacted('example.org', once.object);
        expect(twice.object).toEqual(once.object);
        expect(twice.counts).toEqual(noRedactions());
      }),
      { numRuns: 500 },
    );
    const deep: Json = {
      kind: 'Odd',
      metadata: {},
      spec: JSON.parse(`${'['.repeat(50_000)}"password=${SECRET}"${']'.repeat(50_000)}`),
    };
    const counts = noRedactions();
    redactObject(deep, 'example.org', counts);
    expect(counts.fields).toBe(1);
  });
});
