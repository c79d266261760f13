import { SnapshotBuilder, type KubeObject } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { formerSize } from './former-size.ts';

const db = (fields: object = {}, kind = 'StatefulSet') => ({
  ...{ apiVersion: 'apps/v1', kind, metadata: { name: 'db', namespace: 'shop', uid: 'db' } },
  spec: { replicas: 0 },
  ...fields,
});

function sizeOf(workload: object, ...others: readonly object[]): number {
  const builder = new SnapshotBuilder();
  for (const one of [workload, ...others]) builder.add(one, 'test');
  const snapshot = builder.build({ source: { kind: 'dump', name: 'test' }, observedAt: Date.UTC(2026, 0, 1) } as never);
  return formerSize(workload as KubeObject, snapshot).replicas;
}

const event = (message: string, at: string) => ({
  ...{ apiVersion: 'v1', kind: 'Event', metadata: { name: `e${at}`, namespace: 'shop' } },
  involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'db', uid: 'db' },
  ...{ reason: 'ScalingReplicaSet', message, lastTimestamp: at, type: 'Normal' },
});

describe('formerSize', () => {
  it('reads both forms of the controller’s words, the newest first', () => {
    const older = event('Scaled down replica set db-5 to 2 from 9', '2025-12-31T10:00:00Z');
    expect(
      sizeOf(db({}, 'Deployment'), event('Scaled down replica set db-5 from 4 to 0', '2025-12-31T11:00:00Z'), older),
    ).toBe(4);
    expect(
      sizeOf(db({}, 'Deployment'), event('Scaled down replica set db-5 to 0 from 3', '2025-12-31T11:00:00Z'), older),
    ).toBe(3);
  });

  it('reads what a tool noted', () => {
    const metadata = { name: 'db', namespace: 'shop', uid: 'db', annotations: { 'downscaler/original-replicas': '5' } };
    expect(sizeOf(db({ metadata }))).toBe(5);
  });

  it('counts claims', () => {
    const claim = (ordinal: number) => ({
      ...{
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: `data-db-${ordinal}`, namespace: 'shop' },
      },
      spec: {},
    });
    const workload = db({ spec: { replicas: 0, volumeClaimTemplates: [{ metadata: { name: 'data' } }] } });
    expect(sizeOf(workload, claim(0), claim(10), claim(2))).toBe(11);
  });

  it('asks the autoscaler for its least', () => {
    const hpa = {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'db', namespace: 'shop' } },
      spec: {
        minReplicas: 3,
        maxReplicas: 9,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' },
      },
    };
    expect(sizeOf(db(), hpa)).toBe(3);
  });

  it('is one where nothing tells', () => {
    expect(sizeOf(db())).toBe(1);
  });
});
