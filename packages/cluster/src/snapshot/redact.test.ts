import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noRedactions, redactObject, redactText } from './redact.ts';
import { isSensitive, MASK } from './secret-patterns.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----';

function redacted(text: string): readonly [string, number] {
  let masked = 0;
  return [redactText(text, (count) => (masked += count)), masked];
}

function pod(container: Record<string, unknown>): {
  object: Record<string, unknown>;
  container: Record<string, unknown>;
} {
  const own = { name: 'main', ...container };
  return {
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [own] } },
    container: own,
  };
}

describe('redactText', () => {
  it.each([
    ['postgres://app:hunter2hunter@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['redis://:s3cr3tpw@cache', 'redis://:[redacted]@cache'],
    [`Authorization: Bearer ${jwt}`, 'Authorization: Bearer [redacted]'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
    [`got ${jwt} from peer`, 'got [redacted] from peer'],
    [`key:\n${pem}\nnext`, 'key:\n[redacted]\nnext'],
    ['-----BEGIN PRIVATE KEY-----\nMIIEcut', '[redacted]'],
    ['export DB_PASSWORD=hunter2hunter && run', 'export DB_PASSWORD=[redacted] && run'],
    ['{"password":"hunter2hunter","user":"a"}', '{"password":"[redacted]","user":"a"}'],
    ['{"api_key": "abcdefgh"}', '{"api_key": "[redacted]"}'],
    ['db:\n  password: correcthorse\n  user: a', 'db:\n  password: [redacted]\n  user: a'],
    ['login with token: abc123def failed', 'login with token: [redacted] failed'],
    ['mysql --password hunter2hunter -e x', 'mysql --password [redacted] -e x'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key [redacted] used'],
    [`ghp_${'a1'.repeat(18)}`, '[redacted]'],
    ['https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX', 'https://hooks.slack.com/services/[redacted]'],
    ['GET /x?access_token=abcdef123&y=1', 'GET /x?access_token=[redacted]&y=1'],
  ])('masks %s', (text, expected) => {
    expect(redacted(text)).toEqual([expected, 1]);
  });

  it.each([
    'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
    "couldn't find key password in Secret shop/db",
    'references non-existent secret key: tls.crt',
    'failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.docker.io/token?scope=repository: 401 Unauthorized',
    'failed to fetch oauth token: Post "https://gcr.io/v2/token": denied',
    'WWW-Authenticate: Basic authentication required',
    'Node scale up in zones asia-northeast1-a associated with this pod failed: GCE quota exceeded. Pod is at risk of not being scheduled.',
    'assigned shop/web to gke-sk-cluster-default-pool-1a2b3c4d-xyz1',
    'https://example.org:8443/path@v2',
    'TOKEN_EXPIRY=3600',
    'token=${TOKEN} password=$(PASSWORD) secret={{ .Values.secret }}',
    'password: |\n  nothing here',
    'no password=true needed, token=null',
    'serviceaccounts "default" is forbidden: cannot get resource "secrets" in API group ""',
  ])('leaves %s', (text) => {
    expect(redacted(text)).toEqual([text, 0]);
  });

  it('is done after one pass', () => {
    const piece = fc.constantFrom(
      'password',
      'token',
      '=',
      ': ',
      ' ',
      '\n',
      '"',
      "'",
      MASK,
      'https://',
      'a:',
      '@',
      'hunter2hunter',
      jwt,
      'Bearer ',
      '--',
      pem,
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const [once] = redacted(pieces.join(''));
        expect(redacted(once)).toEqual([once, 0]);
      }),
      { numRuns: 3000 },
    );
  });

  it('takes linear time on texts made to backtrack', () => {
    const hostile = [
      'eyJ-',
      'a',
      'https://',
      'a:',
      'bearer ',
      'basic  ',
      'password ',
      'token:',
      'secret= ',
      '-',
      '--token',
      '-----BEGIN ',
      'sk-',
      '://a',
      'password: a',
      ' ',
      'password="',
      String.raw`\\"password\\":\\"`,
      '"name":"',
      'name: password\n',
      'password: |\n',
      '-u a:',
      'mysql -p',
      'redis-cli ',
      'login a password ',
      'cookie: ',
      '"auth":"',
      'LS0tLS1CRUdJTi',
      'jdbc:oracle:thin:a/',
      '://a:@',
      'export ',
    ];
    for (const piece of hostile) {
      const text = `token secret ://@ ${piece.repeat(Math.ceil(1_000_000 / piece.length))}`;
      const start = process.threadCpuUsage();
      redacted(text);
      expect(process.threadCpuUsage(start).user / 1000, piece).toBeLessThan(5000);
    }
  });
});

describe('isSensitive', () => {
  it.each([
    ['DB_PASSWORD', 'hunter2'],
    ['POSTGRES_PASSWORD', '20240131'],
    ['api-key', 'abcdef'],
    ['AUTH_TOKEN', 'abc'],
    ['CLIENT_SECRET', 'x y'],
    ['GITHUB_TOKEN', 'abc'],
    ['SENTRY_DSN', 'https://abc@sentry.io/1'],
    ['awsSecretAccessKey', 'abc'],
  ])('%s=%s is', (name, value) => expect(isSensitive(name, value)).toBe(true));

  it.each([
    ['TOKEN_EXPIRY', '3600'],
    ['PASSWORD_FILE', '/x'],
    ['SECRET_NAME', 'foo'],
    ['DB_PASSWORD', '$(FROM_ENV)'],
    ['USE_PASSWORD', 'true'],
    ['PASSWORD_MIN_LENGTH', '8'],
    ['AUTH_TOKEN_HEADER', 'X-Auth'],
    ['SECRET_STORE', 'vault'],
    ['TOKENIZERS_PARALLELISM', 'enabled'],
    ['MAX_TOKENS', '4096'],
    ['DB_PASSWORD', MASK],
    ['COMPASS', 'north'],
    ['API_URL', 'https://x'],
  ])('%s=%s is not', (name, value) => expect(isSensitive(name, value)).toBe(false));
});

describe('redactObject', () => {
  it('masks env and args of pods and counts them', () => {
    const { object, container } = pod({
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2hunter' },
        { name: 'URL', value: 'amqp://u:hunter2hunter@q' },
        { name: 'LOG_LEVEL', value: 'debug' },
        { name: 'FROM_SECRET_TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      ],
      command: ['run', '--no-password', 'now', '--token', '--verbose'],
      args: ['--password', 'hunter2hunter', '--api-key=abcdefgh', '--password-file', '/run/pw'],
    });
    const counts = noRedactions();
    redactObject(object, '', counts);
    expect(container['env']).toEqual([
      { name: 'DB_PASSWORD', value: MASK },
      { name: 'URL', value: 'amqp://u:[redacted]@q' },
      { name: 'LOG_LEVEL', value: 'debug' },
      { name: 'FROM_SECRET_TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ]);
    expect(container['command']).toEqual(['run', '--no-password', 'now', '--token', '--verbose']);
    expect(container['args']).toEqual(['--password', MASK, '--api-key=[redacted]', '--password-file', '/run/pw']);
    expect(counts).toEqual({ ...noRedactions(), env: 2, args: 2 });
  });

  it('drops every value of a Secret, keeps its keys, and removes the applied copy', () => {
    const object: Record<string, unknown> = {
      kind: 'Secret',
      metadata: {
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"eA=="}}', note: 'x' },
      },
      data: { a: 'eA==' },
      stringData: { b: 'plain' },
    };
    const counts = noRedactions();
    redactObject(object, '', counts);
    expect(object['data']).toEqual({ a: MASK, b: MASK });
    expect(JSON.stringify(object)).not.toMatch(/eA==|plain/);
    expect(counts.secretValues).toBe(2);
  });

  it('takes the value of a masked variable out of what the pod says, and leaves what is harmless or short', () => {
    const { object } = pod({
      env: [
        { name: 'API_TOKEN', value: 'plain-words-nobody-guesses' },
        { name: 'MODE', value: 'production' },
        { name: 'DB_PASSWORD', value: 'abc12' },
      ],
    });
    const said = 'invalid plain-words-nobody-guesses in production, abc12';
    object['status'] = {
      message: said,
      conditions: [{ type: 'Ready', message: said }],
      containerStatuses: [{ lastState: { terminated: { message: said } }, state: { waiting: { message: said } } }],
    };
    const counts = noRedactions();
    redactObject(object, '', counts);
    expect(JSON.stringify(object['status'])).not.toContain('plain-words');
    expect(JSON.stringify(object['status']).match(/invalid \[redacted\] in production, abc12/g)).toHaveLength(4);
    expect(counts.messages).toBe(4);
  });

  it('reaches ConfigMaps, messages of events and containers, annotations, templates and CronJobs', () => {
    const counts = noRedactions();
    const env = (): unknown => [{ name: 'API_TOKEN', value: 'abcdefghij' }];
    const spec = (): unknown => ({
      containers: [{ name: 'c', env: env() }],
      initContainers: [{ name: 'i', env: env() }],
    });
    const objects: [string, Record<string, unknown>][] = [
      [
        '',
        {
          kind: 'ConfigMap',
          metadata: { annotations: { dsn: 'pg://u:hunter2hunter@h' } },
          data: { 'app.yaml': 'db:\n  password: hunter2hunter\n', password: 'hunter2hunter' },
        },
      ],
      ['', { kind: 'Event', metadata: {}, message: 'password=hunter2hunter refused' }],
      ['apps', { kind: 'Deployment', metadata: {}, spec: { template: { spec: spec() } } }],
      ['batch', { kind: 'CronJob', metadata: {}, spec: { jobTemplate: { spec: { template: { spec: spec() } } } } }],
      [
        'argoproj.io',
        {
          kind: 'Rollout',
          metadata: {},
          spec: { template: { metadata: { annotations: { token: 'abcdefghij' } }, spec: spec() } },
        },
      ],
      [
        '',
        {
          kind: 'Pod',
          metadata: {},
          status: { containerStatuses: [{ lastState: { terminated: { message: 'token=abcdefghij' } } }] },
        },
      ],
      ['example.org', { kind: 'Odd', metadata: {}, spec: 'text' }],
    ];
    for (const [group, object] of objects) redactObject(object, group, counts);
    expect(JSON.stringify(objects)).not.toMatch(/hunter2|abcdefghij/);
    expect(counts).toEqual({
      secretValues: 0,
      env: 6,
      args: 0,
      annotations: 2,
      configMaps: 2,
      fields: 0,
      messages: 2,
      logs: 0,
    });
  });
});
