import { describe, expect, it } from 'vitest';
import { parseProject, parseQuotas, parseRegion } from './parse-region.ts';

const region = {
  kind: 'compute#region',
  name: 'us-central1',
  selfLink: 'https://www.googleapis.com/compute/v1/projects/aia-prod/regions/us-central1',
  status: 'UP',
  zones: ['https://www.googleapis.com/compute/v1/projects/aia-prod/zones/us-central1-a'],
  quotas: [
    { metric: 'CPUS', limit: 24, usage: 24 },
    { metric: 'SSD_TOTAL_GB', limit: 500, usage: 312.5, owner: 'x' },
    { metric: 'INVENTED_METRIC', limit: '8' },
  ],
};

describe('parseRegion', () => {
  it('reads doubles, unknown metrics, and zero usage left out, of one region or a list', () => {
    const expected = {
      region: 'us-central1',
      project: 'aia-prod',
      zones: ['us-central1-a'],
      quotas: [
        { metric: 'CPUS', region: 'us-central1', limit: 24, usage: 24 },
        { metric: 'SSD_TOTAL_GB', region: 'us-central1', limit: 500, usage: 312.5 },
        { metric: 'INVENTED_METRIC', region: 'us-central1', limit: 8, usage: 0 },
      ],
    };
    expect(parseRegion(region)).toEqual({ value: [expected], problems: [] });
    expect(parseRegion([region]).value).toEqual([expected]);
    expect(parseRegion({ kind: 'compute#regionList', items: [region] }).value).toEqual([expected]);
  });

  it('keeps "could not be read" apart from "none"', () => {
    const warned = parseRegion({ ...region, quotas: [], quotaStatusWarning: { code: 'QUOTA_INFO_UNAVAILABLE' } });
    expect(warned.value[0]?.quotas).toBeUndefined();
    expect(warned.problems[0]?.message).toContain('unknown');
    expect(parseRegion({ ...region, quotas: [] }).value[0]?.quotas).toEqual([]);
    expect(parseRegion({ ...region, quotas: undefined }).value[0]?.quotas).toBeUndefined();
  });

  it('names what it leaves out', () => {
    const { value, problems } = parseRegion({
      ...region,
      quotas: [{ metric: 'CPUS', limit: 'many', usage: 1 }, 7, { limit: 1, usage: 1 }],
    });
    expect(value[0]?.quotas).toEqual([]);
    expect(problems.map(({ place }) => place)).toEqual(['quotas[0].limit', 'quotas[0]', 'quotas[1]', 'quotas[2]']);
  });
});

describe('parseProject and parseQuotas', () => {
  it('places project-wide metrics in global', () => {
    const project = {
      kind: 'compute#project',
      name: 'aia-prod',
      quotas: [{ metric: 'CPUS_ALL_REGIONS', limit: 32, usage: 24 }],
    };
    expect(parseProject(project).value[0]).toMatchObject({
      project: 'aia-prod',
      quotas: [{ region: 'global', metric: 'CPUS_ALL_REGIONS' }],
    });
  });

  it('reads plain lists with and without region', () => {
    const list = [
      { metric: 'CPUS', limit: 8, usage: 1, region: 'r1' },
      { metric: 'NETWORKS', limit: 5, usage: 1 },
    ];
    expect(parseQuotas(list).value.map((quota) => quota.region)).toEqual(['r1', 'global']);
    expect(parseQuotas({ quotas: list }).value).toEqual(parseQuotas(list).value);
  });
});
