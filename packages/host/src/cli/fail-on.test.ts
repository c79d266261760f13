import type { Assessment } from '@aia/contract';
import { assess } from '@aia/operations';
import { expect, it } from 'vitest';
import { readDump } from '../dump/read-dump.ts';
import { examplePath } from '../examples.ts';
import { offending } from './fail-on.ts';

async function judged(namespaces?: readonly string[]): Promise<Assessment> {
  const snapshot = await readDump(examplePath('aia-system'), { source: { kind: 'example', name: 'aia-system' } });
  return assess(snapshot, { version: 'test', ...(namespaces && { namespaces }) });
}
const codes = (assessment: Assessment, severity: 'critical' | 'high') =>
  new Set(offending(assessment, severity).map(({ code }) => code));

it('fails for what is at least so severe', async () => {
  const all = await judged();
  expect(codes(all, 'critical')).toEqual(new Set(['deployment-unavailable']));
  expect(codes(all, 'high')).toContain('quota-exhausted');
});
it('does not fail for what is wrong with the cluster beside the namespaces asked for', async () => {
  const system = await judged(['kube-system']);
  expect(system.findings.some(({ code }) => code === 'quota-exhausted')).toBe(true);
  expect(codes(system, 'high')).toEqual(new Set());
});
it('fails for a fault of the cluster that the namespaces suffer from', async () => {
  expect(codes(await judged(['aia-system']), 'high')).toContain('quota-exhausted');
});
