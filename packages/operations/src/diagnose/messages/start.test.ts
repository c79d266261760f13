import { describe, expect, it } from 'vitest';
import { describeParser } from './laws.suite.ts';
import { parseStart } from './start.ts';
import { rows } from './corpus/start.suite.ts';

describeParser('parseStart of RunContainerError', {
  parse: (text) => parseStart('RunContainerError', text),
  rows,
  weaker: ['cgroup', 'memory-limit-too-low', 'not-a-directory'],
});
describeParser('parseStart of a Failed event', {
  parse: (text) => parseStart('Failed', text),
  rows: [
    ...rows.filter(([, text]) => /^(?:Error|failed|OCI|container|context)/.test(text)),
    ['all', 'Error: configmap "app" not found', undefined],
    ['all', 'Error: ImagePullBackOff', undefined],
    ['all', 'Failed to pull image "a:1": context deadline exceeded', undefined],
  ],
  weaker: ['cgroup', 'memory-limit-too-low', 'not-a-directory'],
});

describe('parseStart', () => {
  it('takes a hook for a hook whatever it said', () => {
    expect(parseStart('FailedPostStartHook', 'exec: "x": permission denied')?.cause).toBe('hook');
    expect(parseStart('PreStartHookError', '')?.cause).toBe('hook');
  });

  it('knows no reason of other kinds', () => {
    expect(parseStart('BackOff', 'OCI runtime create failed')).toBeUndefined();
  });
});
