import { describe, expect, it } from 'vitest';
import { machineType } from './machine-types.ts';

const GIB = 2 ** 30;

describe('machineType', () => {
  it.each([
    ['e2-standard-4', 'e2', 4, 16],
    ['e2-highcpu-8', 'e2', 8, 8],
    ['n1-standard-1', 'n1', 1, 3.75],
    ['n2-highmem-8', 'n2', 8, 64],
    ['n2-highmem-128', 'n2', 128, 864],
    ['n2d-standard-16', 'n2d', 16, 64],
    ['c3-standard-22', 'c3', 22, 88],
    ['c3-standard-8-lssd', 'c3', 8, 32],
    ['c4-standard-2', 'c4', 2, 7],
    ['c4-highmem-4', 'c4', 4, 31],
    ['c4d-standard-8', 'c4d', 8, 31],
    ['t2a-standard-4', 't2a', 4, 16],
    ['custom-4-8192', 'n1', 4, 8],
    ['n2-custom-6-20480', 'n2', 6, 20],
    ['n2-custom-2-65536-ext', 'n2', 2, 64],
    ['m3-megamem-64', 'm3', 64, 976],
    ['g1-small', 'n1', 1, 1.7],
    ['n1-highcpu-16', 'n1', 16, 14.4],
    ['n1-highmem-2', 'n1', 2, 13],
    ['n2d-highcpu-224', 'n2d', 224, 224],
    ['c2-standard-60', 'c2', 60, 240],
    ['c2d-highmem-112', 'c2d', 112, 896],
    ['c3d-standard-30', 'c3d', 30, 120],
    ['c3d-highcpu-16', 'c3d', 16, 32],
    ['c3d-highcpu-360', 'c3d', 360, 708],
    ['c4-standard-192', 'c4', 192, 720],
    ['c4a-standard-1', 'c4a', 1, 4],
    ['t2d-standard-60', 't2d', 60, 240],
    ['m1-ultramem-160', 'm1', 160, 3844],
    ['m1-megamem-96', 'm1', 96, 1433.6],
    ['m2-ultramem-416', 'm2', 416, 11776],
    ['h3-standard-88', 'h3', 88, 352],
    ['z3-highmem-176', 'z3', 176, 1408],
  ])('%s', (name, family, vcpus, gib) => {
    expect(machineType(name)).toMatchObject({
      family,
      vcpus,
      memoryBytes: Math.round(gib * GIB),
      sustainedMillis: name === 'g1-small' ? 500 : vcpus * 1000,
    });
  });

  it('tells the CPUs that quotas count from those that shared-core types may use', () => {
    expect(machineType('e2-micro')).toMatchObject({ vcpus: 2, sustainedMillis: 250, memoryBytes: GIB });
    expect(machineType('e2-medium')).toMatchObject({ vcpus: 2, sustainedMillis: 1000, memoryBytes: 4 * GIB });
    expect(machineType('f1-micro')).toMatchObject({ vcpus: 1, sustainedMillis: 200 });
    expect(machineType('e2-custom-small-3072')).toMatchObject({ vcpus: 2, sustainedMillis: 500, memoryBytes: 3 * GIB });
  });

  it('knows accelerators', () => {
    expect(machineType('a2-highgpu-1g')).toMatchObject({
      family: 'a2',
      vcpus: 12,
      memoryBytes: 85 * GIB,
      gpus: { model: 'A100', count: 1 },
    });
    expect(machineType('a2-megagpu-16g')).toMatchObject({ vcpus: 96, memoryBytes: 1360 * GIB, gpus: { count: 16 } });
    expect(machineType('a3-highgpu-8g')).toMatchObject({
      vcpus: 208,
      memoryBytes: 1872 * GIB,
      gpus: { model: 'H100', count: 8 },
    });
    expect(machineType('g2-standard-24')).toMatchObject({ vcpus: 24, gpus: { model: 'L4', count: 2 } });
  });

  it.each([
    '',
    'standard-4',
    'e2-standard-0',
    'e2-standard-',
    'm5.large',
    'zz9-standard-4',
    'toString',
    'constructor-standard-4',
    'x'.repeat(1000),
    'custom-0-1024',
  ])('does not guess %s', (name) => expect(machineType(name)).toBeUndefined());
});
