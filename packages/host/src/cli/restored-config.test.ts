/** Configurations that plans write, as the programs themselves judge them. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SnapshotBuilder } from '@aia/cluster';
import { ACTION_KINDS, assess, DEFAULT_POLICY, makePlan } from '@aia/operations';
import { describe, expect, it } from 'vitest';
import { hasProgram } from '../debian-program.suite.ts';

const run = promisify(execFile);
const hasAlertmanager = await hasProgram('prometheus-alertmanager');
const hasPrometheus = await hasProgram('prometheus');

/** The content that a plan gives the ConfigMap that this program waits for, by key. */
function restored(image: string, mountPath: string): Readonly<Record<string, string>> {
  const metadata = { name: 'monitor', namespace: 'ops' };
  const builder = new SnapshotBuilder();
  const container = { name: 'monitor', image, volumeMounts: [{ name: 'config', mountPath }] };
  const spec = { containers: [container], volumes: [{ name: 'config', configMap: { name: 'monitor-config' } }] };
  const template = { metadata: { labels: { app: 'monitor' } }, spec };
  for (const object of [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'ops' }, data: { a: 'b' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: { app: 'monitor' } }, template },
    },
  ])
    builder.add(object, 'test');
  const snapshot = builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: Date.UTC(2026, 0, 1) } as never);
  const assessment = assess(snapshot, { version: 'test' });
  const kinds = ACTION_KINDS.filter(({ kind }) => kind === 'restore-config-map');
  const plan = makePlan({ snapshot, assessment, policy: DEFAULT_POLICY }, kinds);
  const changes = plan.phases.flatMap(({ actions }) =>
    actions.flatMap(({ steps }) => steps.map(({ change }) => change)),
  );
  const made = changes.find((change) => change.kind === 'create');
  return (made?.object as { data?: Record<string, string> } | undefined)?.data ?? {};
}

async function judged(program: string, args: readonly string[], content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aia-config-'));
  const file = join(folder, 'config.yml');
  try {
    await writeFile(file, content);
    const { stdout, stderr } = await run(program, [...args, file]);
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('restored configurations', () => {
  it.skipIf(!hasAlertmanager)('of Alertmanager are accepted by amtool', async () => {
    const { 'alertmanager.yml': content = '' } = restored(
      'quay.io/prometheus/alertmanager:v0.27.0',
      '/etc/alertmanager',
    );
    const said = await judged('amtool', ['check-config'], content);
    expect(said).toContain('SUCCESS');
    expect(said).toContain('3 receivers');
    expect(said).toContain('1 inhibit rules');
  });

  it.skipIf(!hasAlertmanager)(
    'of Alertmanager send what is not critical to the receiver that a person fills in',
    async () => {
      const { 'alertmanager.yml': content = '' } = restored('prom/alertmanager', '/etc/alertmanager/');
      const route = (label: string) => judged('amtool', ['config', 'routes', 'test', label, '--config.file'], content);
      expect(await route('severity=critical')).toContain('critical');
      expect(await route('severity=warning')).toContain('default');
      expect(await route('alertname=Watchdog')).toContain('null');
    },
  );

  it.skipIf(!hasPrometheus)('of Prometheus are accepted by promtool', async () => {
    const { 'prometheus.yml': content = '' } = restored('prom/prometheus:v3.1.0', '/etc/prometheus');
    expect(await judged('promtool', ['check', 'config'], content)).toContain('SUCCESS');
  });
});
