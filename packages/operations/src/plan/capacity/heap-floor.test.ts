import { describe, expect, it } from 'vitest';
import { heapFloorOf, shareOfLimit } from './heap-floor.ts';

const MIB = 2 ** 20;
const of = (fields: object) => heapFloorOf({ name: 'app', ...fields });

describe('heapFloorOf', () => {
  it.each([
    ['a heap of Java on the command line', { command: ['java'], args: ['-Xmx512m', '-jar', 'a.jar'] }, 512],
    ['in a variable', { env: [{ name: 'JAVA_TOOL_OPTIONS', value: '-Xms1g -Xmx2G' }] }, 2048],
    ['by its long name', { args: ['-XX:MaxHeapSize=1048576k'] }, 1024],
    ['the old space of Node.js', { env: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=1536' }] }, 1536],
    ['with underscores and a blank', { command: ['node', '--max_old_space_size', '300', 'a.js'] }, 300],
    ['the hard limit of .NET, hexadecimal', { env: [{ name: 'DOTNET_GCHeapHardLimit', value: '0x10000000' }] }, 256],
    ['the limit of Go', { env: [{ name: 'GOMEMLIMIT', value: '400MiB' }] }, 400],
    ['the largest of several', { args: ['-Xmx100m'], env: [{ name: 'GOMEMLIMIT', value: '1GiB' }] }, 1024],
  ])('reads %s, and leaves room beside it', (_, fields, mib) => {
    expect(of(fields)?.bytes).toBeCloseTo(mib * MIB * 1.25, 0);
  });

  it('says nothing of other flags', () => {
    expect(of({ args: ['-Xms512m', '--maximum=512'], env: [{ name: 'SIZE', value: '512m' }] })).toBeUndefined();
  });

  it('takes bounded time on hostile arguments', () => {
    expect(of({ args: ['-Xmx'.repeat(100_000), '9'.repeat(100_000)] })).toBeUndefined();
  });
});

describe('shareOfLimit', () => {
  it.each([
    [{ args: ['-XX:MaxRAMPercentage=75.0'] }, '-XX:MaxRAMPercentage=75.0'],
    [{ env: [{ name: 'DOTNET_GCHeapHardLimitPercent', value: '50' }] }, 'DOTNET_GCHeapHardLimitPercent'],
    [{ args: ['-Xmx1g'] }, undefined],
  ])('%j', (fields, expected) => {
    expect(shareOfLimit({ name: 'app', ...fields })).toBe(expected);
  });
});
