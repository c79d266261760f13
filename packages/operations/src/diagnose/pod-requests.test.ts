import type { Pod } from '@aia/cluster';
import { describe, expect, it } from 'vitest';
import { requestsOf, requestsText } from './pod-requests.ts';

function pod(spec: Pod['spec']): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, ...(spec === undefined ? {} : { spec }) };
}
const asks = (name: string, cpu: string, memory = '1Gi') => ({ name, resources: { requests: { cpu, memory } } });

describe('requestsOf', () => {
  it('adds containers and overhead', () => {
    const spec = { containers: [asks('a', '250m'), asks('b', '1')], overhead: { cpu: '50m', memory: '64Mi' } };
    expect(requestsOf(pod(spec))).toEqual({ cpuMillis: 1300, memoryBytes: 2 * 2 ** 30 + 64 * 2 ** 20 });
  });
  it('takes the largest moment of initialisation where it is more', () => {
    const initContainers = [{ ...asks('proxy', '100m'), restartPolicy: 'Always' }, asks('migrate', '2')];
    expect(requestsOf(pod({ initContainers, containers: [asks('a', '250m')] })).cpuMillis).toBe(2100);
  });
  it('counts a sidecar beside the containers', () => {
    const initContainers = [asks('migrate', '200m'), { ...asks('proxy', '100m'), restartPolicy: 'Always' }];
    expect(requestsOf(pod({ initContainers, containers: [asks('a', '250m')] })).cpuMillis).toBe(350);
  });
  it('is nothing where nothing is asked for', () => {
    expect(requestsText(requestsOf(pod(undefined)))).toBe('no CPU or memory');
    expect(requestsText({ cpuMillis: 2500, memoryBytes: 4 * 2 ** 30 })).toBe('2500m CPU and 4Gi memory');
  });
});
