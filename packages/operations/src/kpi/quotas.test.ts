import { NO_CLOUD, type Quota } from '@aia/cluster';
import { quotaSchema } from '@aia/contract';
import { describe, expect, it } from 'vitest';
import { pending, running } from '../diagnose/root-cause/scenarios/pod-states.suite.ts';
import { quota, Scene } from '../diagnose/root-cause/scenarios/scene.suite.ts';
import { Examination } from '../diagnose/examination.ts';
import { quotaRows } from './quotas.ts';

const LACKS =
  '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';

function rows(scene: Scene, quotas: readonly Quota[]) {
  scene.gke([{ name: 'default-pool' }], quotas);
  const found = quotaRows(new Examination(scene.snapshot())) ?? [];
  for (const row of found) expect(quotaSchema.safeParse(row).error).toBeUndefined();
  return new Map(found.map((row) => [`${row.region}/${row.metric}`, row]));
}

function withPending(pods: number): Scene {
  const scene = new Scene();
  const [node = ''] = scene.nodes(1);
  scene.deployment('full', { cpu: '3500m', pods: [running(node)] });
  scene.deployment('api', { cpu: '1500m', pods: Array.from({ length: pods }, () => pending(LACKS)) });
  return scene;
}

describe('quotas of the report', () => {
  it('say what each pending pod would need alone, and what all need together, since two share a node', () => {
    const cpus = rows(withPending(3), [quota('CPUS', 4, 10)]).get('us-central1/CPUS');
    expect(cpus).toMatchObject({ limit: 10, usage: 4, free: 6, share: 0.4, needed: 8 });
    expect(cpus?.needs).toEqual(
      ['p0', 'p1', 'p2'].map((name) => ({
        by: `Pod shop/api-6d5f8c7b94-${name}`,
        amount: 4,
        through: '1 node of default-pool (e2-standard-4)',
      })),
    );
  });
  it('count load balancers without an address and claims without a volume', () => {
    const scene = new Scene();
    scene.nodes(1);
    scene.add('v1', 'Service', 'web', 'shop', {
      spec: {
        type: 'LoadBalancer',
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 53, protocol: 'UDP' },
        ],
      },
      status: { loadBalancer: {} },
    });
    scene.add('storage.k8s.io/v1', 'StorageClass', 'regional', undefined, {
      provisioner: 'pd.csi.storage.gke.io',
      parameters: { type: 'pd-ssd', 'replication-type': 'regional-pd' },
    });
    scene.add('v1', 'PersistentVolumeClaim', 'data', 'shop', {
      spec: { storageClassName: 'regional', resources: { requests: { storage: '100Gi' } } },
      status: { phase: 'Pending' },
    });
    const found = rows(scene, [
      quota('FORWARDING_RULES', 3, 15),
      quota('IN_USE_ADDRESSES', 3, 23),
      quota('SSD_TOTAL_GB', 100, 250),
    ]);
    expect(found.get('us-central1/FORWARDING_RULES')).toMatchObject({
      needed: 2,
      needs: [{ by: 'Service shop/web', amount: 2 }],
    });
    expect(found.get('us-central1/IN_USE_ADDRESSES')).toMatchObject({ needed: 1 });
    expect(found.get('us-central1/SSD_TOTAL_GB')).toMatchObject({
      free: 150,
      needed: 200,
      needs: [{ by: 'PersistentVolumeClaim shop/data', amount: 200 }],
    });
  });
  it('leave out other regions and what nobody uses', () => {
    const scene = new Scene();
    scene.nodes(1);
    const found = rows(scene, [
      quota('CPUS', 4, 10),
      quota('CPUS', 4, 10, 'europe-west1'),
      quota('SNAPSHOTS', 0, 10, 'global'),
      quota('N2_CPUS', 3, 10),
    ]);
    expect([...found.keys()]).toEqual(['us-central1/CPUS']);
  });
  it('are absent where none were read', () => {
    const scene = new Scene();
    scene.cloud = NO_CLOUD;
    expect(quotaRows(new Examination(scene.snapshot()))).toBeUndefined();
  });
});
