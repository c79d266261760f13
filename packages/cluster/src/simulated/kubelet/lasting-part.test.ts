import { describe, expect, it } from 'vitest';
import { lastingPart, type RecordedProgram } from './lasting-part.ts';

const WAS: RecordedProgram = {
  ...{ program: 'p', mounts: 'm', memoryRequest: 100 },
  probes: { startup: 's', liveness: 'l', readiness: 'r' },
};
const CRASHES = { exitsAfterMs: 900, exitCode: 1 };

describe('lastingPart', () => {
  it('keeps all of a behaviour where nothing was changed', () => {
    const behaviour = { ...CRASHES, failsProbes: ['readiness'] as const, startError: 'not a directory' };
    expect(lastingPart(behaviour, WAS, { ...WAS })).toEqual(behaviour);
  });

  it('knows nothing of another program', () => {
    expect(lastingPart(CRASHES, WAS, { ...WAS, program: 'q' })).toBeUndefined();
  });

  it('forgets a kill for want of memory on the node where more is requested, and no other end', () => {
    const short = { ...CRASHES, lacksNodeMemory: true };
    expect(lastingPart(short, WAS, { ...WAS, memoryRequest: 200 })).toBeUndefined();
    expect(lastingPart(short, WAS, { ...WAS, memoryRequest: 100 })).toEqual(short);
    expect(lastingPart(CRASHES, WAS, { ...WAS, memoryRequest: 200 })).toEqual(CRASHES);
  });

  it('forgets what stood against the start when something else is mounted, and no more than that', () => {
    expect(lastingPart({ ...CRASHES, startError: 'not a directory' }, WAS, { ...WAS, mounts: 'n' })).toEqual(CRASHES);
  });

  it('forgets that a probe fails when that probe asks otherwise', () => {
    const fails = { failsProbes: ['readiness', 'startup'] as const };
    const now = { ...WAS, probes: { ...WAS.probes, readiness: 'other' } };
    expect(lastingPart(fails, WAS, now)).toEqual({ failsProbes: ['startup'] });
  });
});
