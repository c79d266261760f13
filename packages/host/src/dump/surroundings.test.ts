/** What stands in a dump beside objects: cloud, usage, certificates, logs, versions; and what is said when it does not. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { examplePath } from '../examples.ts';
import { GOOD } from '../probes/certificates.suite.ts';
import { exampleObjects, list, problemLines, readMemory, tarOf } from './memory-dump.suite.ts';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { containers: [{ name: 'main' }] },
};
const PODS = { 'pods.json': JSON.stringify(list([POD])) };
const cloudFile = (name: string) => readFileSync(join(examplePath('aia-system'), 'cloud', `${name}.json`), 'utf8');
const json = (text: string) => JSON.parse(text) as unknown;

async function cloudOf(files: Record<string, string>) {
  const snapshot = await readMemory({ ...PODS, ...files });
  expect(snapshot.problems).toEqual([]);
  return snapshot.cloud;
}

describe('gcloud listings', () => {
  const NAMES = ['addresses', 'cluster', 'forwarding-rules', 'project', 'region', 'visibility'];

  it('are told by content, under any name', async () => {
    const named = await cloudOf(Object.fromEntries(NAMES.map((name) => [`cloud/${name}.json`, cloudFile(name)])));
    const renamed = await cloudOf(
      Object.fromEntries(
        NAMES.filter((name) => name !== 'addresses').map((name, i) => [`x/${i}.txt`, cloudFile(name)]),
      ),
    );
    expect({ ...renamed, addresses: [] }).toEqual(named);
    expect(named).toMatchObject({ provider: 'gcp', addresses: [] });
    expect(named.quotas?.length).toBeGreaterThan(20);
    expect(named.cluster?.nodePools).toHaveLength(1);
    expect(named.visibility?.length).toBeGreaterThan(0);
  });

  it('are read in the format that gcloud prints unasked: YAML', async () => {
    const asJson = await cloudOf({
      'region.json': cloudFile('region'),
      'rules.json': cloudFile('forwarding-rules'),
      'log.json': cloudFile('visibility'),
      'cluster.json': cloudFile('cluster'),
    });
    const documents = (text: string) => (json(text) as unknown[]).map((item) => `---\n${stringify(item)}`).join('');
    const asYaml = await cloudOf({
      'region.yaml': stringify(json(cloudFile('region'))),
      'rules.txt': documents(cloudFile('forwarding-rules')),
      'log.txt': documents(cloudFile('visibility')),
      'cluster.yaml': stringify(json(cloudFile('cluster'))),
    });
    expect(asYaml).toEqual(asJson);
  });

  it('are read as the REST API gives them, and as lines', async () => {
    const plain = await cloudOf({ 'rules.json': cloudFile('forwarding-rules'), 'log.json': cloudFile('visibility') });
    const rest = await cloudOf({
      'rules.json': JSON.stringify({ kind: 'compute#forwardingRuleList', items: json(cloudFile('forwarding-rules')) }),
      'log.ndjson': (json(cloudFile('visibility')) as unknown[]).map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    });
    expect(rest).toEqual(plain);
  });

  it('are read from a stream as from a file', async () => {
    const files = {
      ...PODS,
      'cloud/rules.json': cloudFile('forwarding-rules'),
      'cloud/region.json': cloudFile('region'),
    };
    expect((await readMemory(files, { streamBytes: 100 })).cloud).toEqual((await readMemory(files)).cloud);
  });

  it('a namespace named after a listing is none', async () => {
    const { cloud } = await readMemory({
      ...PODS,
      'cluster-resources/pods/quotas.json': '[]',
      'cluster-resources/services/visibility.json': '[]',
    });
    expect(cloud.quotas).toBeUndefined();
    expect(cloud.visibility).toBeUndefined();
  });
});

describe('the autoscaler status', () => {
  const status = (text: string, namespace = 'kube-system') =>
    JSON.stringify(
      list([
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'cluster-autoscaler-status', namespace },
          data: { status: text },
        },
      ]),
    );

  it('is read from its ConfigMap in both formats, in any namespace', async () => {
    const yaml = await cloudOf({
      'cm.json': status(
        'time: 2026-01-01 00:00:00 +0000 UTC\nautoscalerStatus: Running\nclusterWide:\n  health:\n    status: Healthy\n',
      ),
    });
    expect(yaml.autoscaler).toMatchObject({ format: 'yaml', status: 'Running', health: 'Healthy' });
    const text =
      'Cluster-autoscaler status at 2026-01-01 00:00:00 +0000 UTC:\nCluster-wide:\n  Health:      Healthy (ready=3 unready=0 notStarted=0 longNotStarted=0 registered=3 longUnregistered=0)\n';
    expect((await cloudOf({ 'cm.json': status(text, 'autoscaler') })).autoscaler).toMatchObject({
      format: 'text',
      health: 'Healthy',
    });
  });
});

describe('usage', () => {
  const series = (labels: object, values: unknown) => ({ metric: labels, ...(values as object) });
  const answer = (resultType: string, result: unknown) =>
    JSON.stringify({ status: 'success', data: { resultType, result } });
  const values = {
    values: [
      [1758974400, '0.25'],
      [1758976200, '0.5'],
    ],
  };

  it.each([
    [
      'a matrix',
      'usage/cpu.json',
      answer('matrix', [series({ namespace: 'shop', pod: 'web', container: 'main' }, values)]),
    ],
    [
      'labels of old cAdvisors',
      'usage/cpu.json',
      answer('matrix', [series({ namespace: 'shop', pod_name: 'web', container_name: 'main' }, values)]),
    ],
    [
      'a recording rule',
      'x.json',
      answer('matrix', [
        series(
          {
            __name__: 'node_namespace_pod_container:container_cpu_usage_seconds_total:sum_irate',
            namespace: 'shop',
            pod: 'web',
            container: 'main',
          },
          values,
        ),
      ]),
    ],
    [
      'data alone',
      'cpu.json',
      JSON.stringify(
        (
          json(answer('matrix', [series({ namespace: 'shop', pod: 'web', container: 'main' }, values)])) as {
            data: unknown;
          }
        ).data,
      ),
    ],
    [
      'what promtool prints',
      'cpu.json',
      JSON.stringify([series({ namespace: 'shop', pod: 'web', container: 'main' }, values)]),
    ],
  ])('comes from Prometheus as %s', async (_name, path, content) => {
    const snapshot = await readMemory({ ...PODS, [path]: content });
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.usage.containers).toMatchObject([
      {
        namespace: 'shop',
        pod: 'web',
        container: 'main',
        cpu: { times: [1758974400000, 1758976200000], values: [250, 500] },
      },
    ]);
  });

  it('comes from a vector as one sample', async () => {
    const vector = answer('vector', [
      series(
        { __name__: 'container_memory_working_set_bytes', namespace: 'shop', pod: 'web', container: 'main' },
        { value: [1758974400, '1048576'] },
      ),
    ]);
    const { usage, problems } = await readMemory({ ...PODS, 'now.json': vector });
    expect(problems).toEqual([]);
    expect(usage.containers[0]?.memory?.values).toEqual([1048576]);
  });

  it('comes from the metrics API, with and without kinds of its own', async () => {
    const metrics = {
      metadata: { name: 'web', namespace: 'shop' },
      timestamp: '2026-01-01T00:00:00Z',
      window: '15s',
      containers: [{ name: 'main', usage: { cpu: '12345678n', memory: '2Mi' } }],
    };
    const raw = await readMemory({
      ...PODS,
      'raw.json': JSON.stringify(list([metrics], 'PodMetricsList', 'metrics.k8s.io/v1beta1')),
    });
    const got = await readMemory({
      ...PODS,
      'podmetrics.json': JSON.stringify(
        list([{ apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', ...metrics }]),
      ),
    });
    expect(raw.usage).toEqual(got.usage);
    expect(raw.usage.containers[0]?.memory?.values).toEqual([2 * 2 ** 20]);
  });

  it('says what Prometheus refused', async () => {
    const refused = await readMemory({
      ...PODS,
      'cpu.json': JSON.stringify({
        status: 'error',
        errorType: 'bad_data',
        error: 'parse error',
        data: { resultType: '', result: [] },
      }),
    });
    expect(problemLines(refused)).toEqual(['cpu.json: Prometheus answered with an error: parse error']);
  });
});

describe('certificates', () => {
  const tls = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'tls', namespace: 'shop' },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': Buffer.from(GOOD.cert).toString('base64'), 'tls.key': 'c2VjcmV0' },
  };

  it.each([
    ['a PEM file', { 'shop.pem': GOOD.cert }, 'file'],
    ['a PEM file without an ending in its name', { shop: GOOD.cert }, 'file'],
    [
      'what openssl s_client prints',
      { 'shop.crt': `CONNECTED(00000003)\n---\nCertificate chain\n${GOOD.cert}---\n` },
      'file',
    ],
    ['a TLS Secret', { 'secrets.json': JSON.stringify(list([tls])) }, 'secret'],
    [
      'a probe',
      {
        'certificates/x.json': JSON.stringify({
          kind: 'EndpointProbe',
          host: 'shop.example.com',
          port: 443,
          chain: [GOOD.cert],
        }),
      },
      'endpoint',
    ],
  ])('come from %s', async (_name, files, kind) => {
    const snapshot = await readMemory({ ...PODS, ...(files as Record<string, string>) });
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.certificates.map(({ source }) => source.kind)).toEqual([kind]);
    expect(JSON.stringify(snapshot)).not.toContain('c2VjcmV0');
  });

  it('a probe without a certificate says why', async () => {
    const probe = {
      kind: 'EndpointProbe',
      host: 'shop.example.com',
      port: 443,
      chain: [],
      error: 'connection refused',
    };
    expect(problemLines(await readMemory({ ...PODS, 'x.json': JSON.stringify(probe) }))).toEqual([
      'x.json: the probe of shop.example.com:443 got no certificate: connection refused',
    ]);
  });
});

describe('logs', () => {
  const marked = (name: string, text: string) =>
    `==== START logs for container ${name} of pod shop/web ====\n${text}==== END logs for container ${name} of pod shop/web ====\n`;
  const ROOT = 'must-gather.local.1/image-sha256-0a/namespaces/shop/pods/web/main/main/logs';

  it.each([
    ['a must-gather', { [`${ROOT}/current.log`]: 'a\n\nb\n', [`${ROOT}/previous.insecure.log`]: 'c\n' }],
    [
      'a support bundle',
      {
        'b/cluster-resources/pods/logs/shop/web/main.log': 'a\nb\n',
        'b/cluster-resources/pods/logs/shop/web/main-previous.log': 'c',
      },
    ],
  ])('come from %s', async (_name, files) => {
    const { logs } = await readMemory({ ...PODS, ...(files as Record<string, string>) });
    expect(logs).toEqual([
      { namespace: 'shop', pod: 'web', container: 'main', previous: false, lines: ['a', 'b'] },
      { namespace: 'shop', pod: 'web', container: 'main', previous: true, lines: ['c'] },
    ]);
  });

  it.each([
    ['a file per pod', { 'shop/web/logs.txt': marked('init', '{"a":\n') + marked('main', 'kind: Pod\nlast') }],
    [
      'one file with JSON',
      { dump: `${JSON.stringify(list([POD]))}\n${marked('init', '{"a":\n')}${marked('main', 'kind: Pod\nlast')}` },
    ],
    [
      'one file with YAML',
      {
        dump: `${stringify(list([POD]))}${marked('init', '{"a":\n')}${marked('main', 'kind: Pod\nlast')}---\n${stringify(list([]))}`,
      },
    ],
  ])('come from kubectl cluster-info dump in %s', async (_name, files) => {
    for (const limits of [{}, { streamBytes: 10 }]) {
      const { logs, problems } = await readMemory({ ...PODS, ...(files as Record<string, string>) }, limits);
      expect(problems).toEqual([]);
      expect(logs.map(({ container, lines }) => [container, lines])).toEqual([
        ['init', ['{"a":']],
        ['main', ['kind: Pod', 'last']],
      ]);
    }
  });

  it('are kept by their ends, redacted, and not beyond their number', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [
        `cluster-resources/pods/logs/shop/web-${i}/main.log`,
        `${'line\n'.repeat(100)}password=hunter22\n`,
      ]),
    );
    const { logs } = await readMemory({ ...PODS, ...files }, { logs: 3 });
    expect(logs).toHaveLength(3);
    expect(logs[0]?.lines).toHaveLength(20);
    expect(logs[0]?.lines.at(-1)).toBe('password=[redacted]');
  });

  it('masks a private key that goes over more lines than are kept', async () => {
    const body = Array.from({ length: 30 }, (_, i) => `MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ${i}`);
    const text = ['starting', '-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----', 'failed'].join('\n');
    const { logs, redactions } = await readMemory({ ...PODS, 'cluster-resources/pods/logs/shop/web/main.log': text });
    expect(logs[0]?.lines).toEqual(['starting', '[redacted]', 'failed']);
    expect(redactions.logs).toBe(1);
  });
});

describe('the version', () => {
  it.each([
    [
      'kubectl version -o json',
      { 'version.json': '{"clientVersion":{"gitVersion":"v1.36.0"},"serverVersion":{"gitVersion":"v1.33.4"}}' },
    ],
    ['/version', { 'version.json': '{"major":"1","minor":"33","gitVersion":"v1.33.4"}' }],
    [
      'a support bundle',
      { 'cluster-info/cluster_version.json': '{"info":{"major":"1","gitVersion":"v1.33.4"},"string":"v1.33.4"}' },
    ],
    [
      'the kubelets',
      {
        'nodes.json': JSON.stringify(
          list(
            ['v1.9.0', 'v1.33.4'].map((kubeletVersion, i) => ({
              apiVersion: 'v1',
              kind: 'Node',
              metadata: { name: `n${i}` },
              status: { nodeInfo: { kubeletVersion } },
            })),
          ),
        ),
      },
    ],
  ])('comes from %s', async (_name, files) => {
    const snapshot = await readMemory({ ...PODS, ...(files as Record<string, string>) });
    expect(snapshot.problems).toEqual([]);
    expect(snapshot.serverVersion).toBe('v1.33.4');
  });
});

describe('what is missing', () => {
  const missingOf = async (files: Record<string, string | Buffer>) => (await readMemory(files)).missing;

  it('is named with its consequence, one by one', async () => {
    const missing = await missingOf(PODS);
    expect(missing.map(({ input }) => input)).toEqual([
      'autoscaler-status',
      'certificates',
      'config-maps',
      'deployments',
      'events',
      'load-balancer-cloud',
      'metrics',
      'namespaces',
      'nodes',
      'persistent-volume-claims',
      'persistent-volumes',
      'quotas',
      'replica-sets',
      'resource-quotas',
      'secrets',
      'services',
      'usage-history',
    ]);
    for (const { reason, consequence } of missing)
      expect([reason, consequence.length > 20]).toEqual(['not in the dump', true]);
  });

  it('is not what was read and is empty', async () => {
    const missing = await missingOf({
      ...PODS,
      'events.json': '{"apiVersion":"v1","kind":"List","items":[]}',
      'x.json': '{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]}',
      'cluster-resources/services/default.json': '[]',
      'namespaces/a/core/persistentvolumeclaims.yaml':
        '---\napiVersion: v1\nitems: []\nkind: PersistentVolumeClaimList\n',
    });
    const inputs = missing.map(({ input }) => input);
    for (const read of ['events', 'secrets', 'services', 'persistent-volume-claims'])
      expect(inputs).not.toContain(read);
  });

  it('is what the manifest of aia collect says', async () => {
    const declared = [
      { input: 'secrets', reason: 'forbidden', consequence: 'references to absent Secrets cannot be told' },
    ];
    const manifest = {
      format: 'aia.dump',
      version: 1,
      collectedAt: 1767225600000,
      context: 'c',
      serverVersion: 'v1.33.4',
      missing: declared,
    };
    const snapshot = await readMemory({
      'x.tar.gz': await tarOf({ 'aia-dump.json': JSON.stringify(manifest), ...PODS }),
    });
    expect(snapshot).toMatchObject({ observedAt: 1767225600000, serverVersion: 'v1.33.4' });
    expect(snapshot.missing.filter(({ reason }) => reason !== 'not in the dump')).toEqual(declared);
  });

  it.each([
    { serverVersion: ['x'] },
    { missing: [null, { input: 7 }] },
    { collectedAt: 1e300 },
    { collectedAt: 0.5 },
    { problems: [{ source: '', place: '', message: '', severity: 'fatal' }] },
  ])('is not what a manifest with %j says', async (edited) => {
    const manifest = {
      format: 'aia.dump',
      version: 1,
      collectedAt: 1,
      context: 'c',
      serverVersion: 'v1.33.4',
      missing: [],
    };
    const snapshot = await readMemory({ ...PODS, 'aia-dump.json': JSON.stringify({ ...manifest, ...edited }) });
    expect(snapshot.serverVersion).toBeUndefined();
    expect(problemLines(snapshot)).toEqual([expect.stringMatching(/^aia-dump\.json: JSON that is neither/)]);
  });

  it('is nothing in a complete dump', async () => {
    const objects = exampleObjects('aia-system');
    const { missing } = await readMemory({ 'all.json': JSON.stringify(list(objects)) });
    expect(missing.map(({ input }) => input)).not.toContain('pods');
    expect(missing.map(({ input }) => input)).not.toContain('nodes');
  });
});
