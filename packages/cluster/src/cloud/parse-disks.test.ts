import { expect, it } from 'vitest';
import { parseDisks } from './parse-disks.ts';

const disk = {
  kind: 'compute#disk',
  name: 'pvc-1',
  zone: 'https://www.googleapis.com/compute/v1/projects/acme/zones/us-central1-b',
  type: 'https://www.googleapis.com/compute/v1/projects/acme/zones/us-central1-b/diskTypes/pd-ssd',
  sizeGb: '100',
  users: ['https://www.googleapis.com/compute/v1/projects/acme/zones/us-central1-b/instances/gke-1'],
  labels: { 'goog-k8s-cluster-name': 'shop', odd: 1 },
  creationTimestamp: '2025-09-01T00:00:00.000-07:00',
};

it('reads disks of zones and regions', () => {
  const regional = {
    name: 'r',
    region: 'https://www.googleapis.com/compute/v1/projects/acme/regions/us-central1',
    sizeGb: 10,
  };
  const { value, problems } = parseDisks([disk, regional]);
  expect(problems).toEqual([]);
  expect(value).toEqual([
    {
      name: 'pvc-1',
      zone: 'us-central1-b',
      region: 'us-central1',
      type: 'pd-ssd',
      sizeGb: 100,
      users: ['gke-1'],
      description: '',
      labels: { 'goog-k8s-cluster-name': 'shop' },
      createdAt: Date.parse('2025-09-01T07:00:00Z'),
      lastDetachedAt: undefined,
    },
    expect.objectContaining({ name: 'r', zone: '', region: 'us-central1', users: [], labels: {} }),
  ]);
});

it('names what has no name, and takes odd types for absent', () => {
  const { value, problems } = parseDisks([{ sizeGb: '1' }, { name: 'd', sizeGb: {}, users: 3, zone: 7 }]);
  expect(value).toEqual([expect.objectContaining({ name: 'd', sizeGb: 0, users: [], zone: '' })]);
  expect(problems.length).toBeGreaterThan(2);
});
