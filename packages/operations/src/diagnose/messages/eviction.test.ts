import { describe, expect, it } from 'vitest';
import { parseEviction } from './eviction.ts';
import { describeParser } from './laws.suite.ts';
import type { EvictionMessage } from './message.ts';
import { rows } from './corpus/eviction.suite.ts';

describeParser('parseEviction', { parse: (text) => parseEviction('', text), rows, weaker: ['admission'] });

describe('parseEviction by reason', () => {
  it.each<[string, string, EvictionMessage['cause'], string?]>([
    ['OutOfcpu', '', 'admission', 'cpu'],
    ['OutOfpods', '', 'admission', 'pods'],
    ['OutOfnvidia.com/gpu', '', 'admission', 'nvidia.com/gpu'],
    ['UnexpectedAdmissionError', 'Allocate failed due to no healthy devices present', 'admission'],
    ['NodeAffinity', '', 'admission'],
    ['Terminated', 'something new', 'node-shutdown'],
    ['NodeShutdown', '', 'node-shutdown'],
    ['Shutdown', '', 'node-shutdown'],
    ['Evicted', 'something new', 'other'],
    ['PreemptionByScheduler', '', 'preempted'],
    ['DeletionByTaintManager', '', 'taint'],
    ['EvictionThresholdMet', 'Attempting to reclaim ephemeral-storage', 'node-pressure', 'ephemeral-storage'],
  ])('%s: %s', (reason, text, cause, resource) => {
    const found = parseEviction(reason, text);
    expect(found?.cause).toBe(cause);
    expect(found?.resource).toBe(resource);
  });

  it('knows no other reason', () => {
    expect(parseEviction('Error', 'exit status 1')).toBeUndefined();
    expect(parseEviction('constructor', '')).toBeUndefined();
  });
});
