/** The catalogue of attacks: each is refused for its own reason, on both providers. */
import { describe, expect, it } from 'vitest';
import { provider as noble } from '../provider/noble.ts';
import { provider as node } from '../provider/node.ts';
import type { SceneOf } from './attack.suite.ts';
import { credentials, delegations, presentations, statuses } from './credentials.suite.ts';
import { documentKeys, hosts, logs, witnessedLogs } from './dids.suite.ts';
import { resolver } from './resolver.suite.ts';
import { envelopes, releases, replays, sealedBoxes } from './messages.suite.ts';

const SCENES: readonly SceneOf[] = [
  envelopes,
  replays,
  sealedBoxes,
  releases,
  logs,
  witnessedLogs,
  documentKeys,
  hosts,
  credentials,
  statuses,
  delegations,
  presentations,
  resolver,
];
/** What a verdict is called that refuses nothing. */
const HELD = ['accepted', 'opened', 'verified', 'key', 'resolved'];

describe.each([node, noble])('with $name', (provider) => {
  describe.each(SCENES.map((scene) => scene(provider)))('$what', ({ honest, attacks }) => {
    it('holds when it is left alone', async () => {
      expect(HELD).toContain(await honest());
    });

    it.each(attacks)('is refused when %s: %s', async (_, reason, attempt) => {
      expect(await attempt()).toBe(reason);
    });
  });
});

describe('the catalogue', () => {
  it('has at least 190 attacks, each with a name of its own', () => {
    const names = SCENES.map((scene) => scene(node)).flatMap(({ what, attacks }) =>
      attacks.map(([name]) => `${what} ${name}`),
    );
    expect(names.length).toBeGreaterThanOrEqual(190);
    expect(new Set(names).size).toBe(names.length);
  });
});
