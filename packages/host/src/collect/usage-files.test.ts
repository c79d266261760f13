import { UsageCollector, type UsageHistory } from '@aia/cluster';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coresText, usageFiles } from './usage-files.ts';

function readAgain(history: UsageHistory): UsageHistory {
  const collector = new UsageCollector();
  for (const { path, text } of usageFiles(history)) collector.addPrometheus(JSON.parse(text), path);
  expect(collector.problems).toEqual([]);
  return collector.build();
}

/** As a reader makes millicores of what Prometheus sent. */
const cores = fc.double({ min: 0, max: 4096, noNaN: true });
const series = (values: readonly number[], scale: number) => ({
  times: values.map((_, i) => 1.7e12 + i * 1_800_000 + 1),
  values: values.map((value) => value * scale),
});

describe('usage files', () => {
  it('give the same history again, to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.array(cores, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(), { maxLength: 5 })), {
          maxLength: 5,
        }),
        (containers) => {
          const history: UsageHistory = {
            sources: ['prometheus'],
            containers: containers.map(([cpu, memory], i) => ({
              namespace: 'shop',
              pod: `web-${i}`,
              container: 'web',
              cpu: series(cpu, 1000),
              memory: memory.length === 0 ? undefined : series(memory, 1),
            })),
          };
          expect(readAgain(history).containers).toEqual(history.containers);
        },
      ),
    );
  });

  it('write cores that multiply to the same millicores', () => {
    fc.assert(
      fc.property(cores, (one) => {
        expect(Number(coresText(one * 1000)) * 1000).toBe(one * 1000);
      }),
      { numRuns: 2000 },
    );
  });

  it('are continued when they grow, and left out without a history', () => {
    const usage = (pod: string) => ({
      namespace: 'shop',
      pod,
      container: 'web',
      cpu: series(
        Array.from({ length: 300_000 }, () => 0.5),
        1000,
      ),
      memory: undefined,
    });
    const history: UsageHistory = { sources: ['metrics-api', 'prometheus'], containers: [usage('a'), usage('b')] };
    expect([...usageFiles(history)].map(({ path }) => path)).toEqual(['usage/cpu-1.json', 'usage/cpu-2.json']);
    expect([...usageFiles({ ...history, sources: ['metrics-api'] })]).toEqual([]);
  });
});
