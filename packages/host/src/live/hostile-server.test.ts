import { SnapshotBuilder } from '@aia/cluster';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostError } from '../host-error.ts';
import { ApiClient } from './api-client.ts';
import { virtualTime } from './api-server.suite.ts';
import { discover } from './discovery.ts';
import { liveSettings } from './live-options.ts';
import { readObjects } from './read-objects.ts';
import { RETRY_LIMITS } from './retry.ts';
import type { ApiAnswer } from './transport.ts';

const json = fc.jsonValue({ maxDepth: 3 });
/** Any JSON, or what looks right from a distance. */
const value = fc.oneof(
  json,
  fc.record({ kind: fc.constant('APIVersions'), versions: fc.array(fc.oneof(json, fc.constant('v1'))) }),
  fc.record({
    kind: fc.constant('APIGroupDiscoveryList'),
    items: fc.array(
      fc.oneof(
        json,
        fc.record({
          metadata: fc.oneof(json, fc.record({ name: fc.oneof(json, fc.constant(''), fc.constant('x.io')) })),
          versions: fc.oneof(
            json,
            fc.array(
              fc.record({
                version: fc.oneof(json, fc.constant('v1')),
                freshness: fc.oneof(json, fc.constant('Stale')),
                resources: fc.array(
                  fc.oneof(
                    json,
                    fc.record({
                      resource: fc.oneof(json, fc.constantFrom('pods', 'secrets', 'things', '../../x', 'a?b')),
                      responseKind: fc.oneof(json, fc.constant({ kind: 'Thing' })),
                      verbs: fc.oneof(json, fc.constant(['list'])),
                    }),
                  ),
                ),
              }),
            ),
          ),
        }),
      ),
    ),
  }),
  fc.record({
    metadata: fc.oneof(json, fc.record({ continue: fc.oneof(json, fc.string()) })),
    items: fc.oneof(json, fc.array(fc.oneof(json, fc.record({ metadata: json, spec: json, data: json })))),
  }),
);
const answer = fc.record({
  status: fc.constantFrom(200, 200, 200, 200, 400, 403, 404, 410, 429, 500, 503),
  headers: fc.constantFrom({}, { 'retry-after': '1' }, { 'content-type': 'text/html' }),
  body: fc.oneof(
    value.map((one) => JSON.stringify(one)),
    fc.string(),
  ),
});

describe('an API server that answers anything', () => {
  it('is read to an end, or refused with a code, in a bounded number of requests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 12 }), async (answers) => {
        let calls = 0;
        const get = ({ path }: { path: string }): Promise<ApiAnswer> => {
          expect(path).toMatch(/^\/(?:api|apis)(?:\/|$|\?)/);
          expect(path).not.toContain('..');
          return Promise.resolve(answers[calls++ % answers.length] as ApiAnswer);
        };
        const transport = { server: 'https://hostile', get, close: () => Promise.resolve() };
        const bounds = {
          limits: { ...RETRY_LIMITS, attempts: 2 },
          timeoutMs: 1000,
          maxBodyBytes: 1e6,
          signal: undefined,
        };
        const client = new ApiClient({ transport, time: virtualTime(), ...bounds });
        const settings = liveSettings({ includeTlsSecrets: true });
        try {
          const found = await discover(client, 4);
          const { lists, missing } = await readObjects(client, found, settings, {
            server: 'https://hostile',
            namespace: 'x',
          });
          const builder = new SnapshotBuilder();
          for (const { items } of lists) for (const item of items) builder.add(item, 'hostile');
          expect(missing.every(({ input, reason }) => input !== '' && reason !== '')).toBe(true);
        } catch (error) {
          if (!(error instanceof HostError)) throw error;
        }
        expect(calls).toBeLessThan(20_000);
      }),
      { numRuns: 500 },
    );
  });
});
