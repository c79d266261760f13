import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from './builder.ts';
import type { ClusterSnapshot } from './snapshot.ts';

const configMap = (name: string, more: object = {}, value = 'v'): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'n', ...more },
  data: { value },
});
const build = (builder: SnapshotBuilder): ClusterSnapshot => builder.build({ source: { kind: 'dump', name: 'd' } });

function snapshotOf(...raws: unknown[]): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const raw of raws) builder.add(raw, 'dump.json');
  return build(builder);
}

describe('SnapshotBuilder', () => {
  it('reads Lists, and typed lists whose items have no kind', () => {
    const snapshot = snapshotOf(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [configMap('a'), { apiVersion: 'v1', kind: 'List', items: [configMap('b')] }],
      },
      { apiVersion: 'v1', kind: 'PodList', metadata: {}, items: [{ metadata: { name: 'p', namespace: 'n' } }, 7] },
      { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ metadata: { name: 'web', namespace: 'n' } }] },
    );
    expect([...snapshot.kinds()]).toEqual([
      ['/ConfigMap', 2],
      ['/Pod', 1],
      ['apps/Deployment', 1],
    ]);
    expect(snapshot.get('Pod', 'n', 'p')).toMatchObject({ apiVersion: 'v1', kind: 'Pod' });
    expect(snapshot.problems).toMatchObject([{ source: 'dump.json', place: 'items[1]', severity: 'warning' }]);
  });

  it('names the place of a problem inside nested lists', () => {
    const bad = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: 1 } };
    const builder = new SnapshotBuilder();
    builder.add(
      { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items: [bad] }] },
      'f.yaml',
      'document 2',
    );
    expect(build(builder).problems).toMatchObject([
      {
        place: 'document 2.items[0].items[0].spec.containers',
        message: 'Pod p: expected list of object, found number',
      },
    ]);
  });

  it('does not follow lists nested to exhaust the stack', () => {
    let nested: unknown = configMap('deep');
    for (let i = 0; i < 50_000; i++) nested = { apiVersion: 'v1', kind: 'List', items: [nested] };
    const snapshot = snapshotOf(nested, configMap('a'));
    expect(snapshot.objects).toHaveLength(1);
    expect(snapshot.problems).toMatchObject([{ message: expect.stringContaining('lists within lists') }]);
  });

  it('keeps the newer of two objects with one identity, whatever their order', () => {
    const older = (): unknown => configMap('a', { resourceVersion: '5', uid: 'u' }, 'old');
    const newer = (): unknown => configMap('a', { resourceVersion: '12', uid: 'u' }, 'new');
    for (const raws of [
      [older(), newer()],
      [newer(), older()],
    ]) {
      const snapshot = snapshotOf(...raws);
      expect(snapshot.list('ConfigMap')).toMatchObject([{ data: { value: 'new' } }]);
      expect(snapshot.problems).toMatchObject([{ message: expect.stringContaining('occurs again') }]);
    }
    expect(snapshotOf(newer(), newer()).problems).toEqual([]);
  });

  it('sets certificates aside before it drops the values of Secrets', () => {
    const builder = new SnapshotBuilder();
    const tls = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { name: 't', namespace: 'n' },
      data: { 'tls.crt': 'UEVN', 'tls.key': 'S0VZ' },
    };
    builder.add(tls, 'f');
    builder.add({ apiVersion: 'v1', kind: 'Secret', metadata: null, data: { 'tls.crt': 'UEVN' } }, 'f');
    expect(builder.certificates).toMatchObject([
      { secret: { kind: 'Secret', namespace: 'n', name: 't' }, pemBase64: 'UEVN' },
    ]);
    const snapshot = build(builder);
    expect(JSON.stringify(snapshot.objects)).not.toMatch(/UEVN|S0VZ/);
    expect(Object.keys(snapshot.get('Secret', 'n', 't')?.data ?? {})).toEqual(['tls.crt', 'tls.key']);
    expect(snapshot.redactions.secretValues).toBe(2);
  });

  it('takes the newest time among the objects as the time of observation', () => {
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e', creationTimestamp: '2025-01-01T00:00:00Z' },
      lastTimestamp: '2025-01-02T00:00:00Z',
    };
    expect(snapshotOf(configMap('a', { creationTimestamp: 'never' }), event).observedAt).toBe(Date.UTC(2025, 0, 2));
  });

  it('counts problems beyond what it keeps', () => {
    const builder = new SnapshotBuilder();
    for (let i = 0; i < 1500; i++) builder.add(i, 'f');
    const { problems } = build(builder);
    expect(problems).toHaveLength(1001);
    expect(problems.at(-1)?.message).toBe('500 further problems are not listed');
  });

  it('masks secrets in log lines and counts them', () => {
    const builder = new SnapshotBuilder();
    expect(builder.redactLog('connecting with password=hunter2hunter')).toBe('connecting with password=[redacted]');
    expect(build(builder).redactions.logs).toBe(1);
  });
});
