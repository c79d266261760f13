import { describe, expect, it } from 'vitest';
import { toMultikey } from '../../encoding/multikey.ts';
import { documentMetadata, resolutionError, type DidMetadata } from './resolution.ts';

const AT = Date.UTC(2026, 0, 1);
const witness = toMultikey({ kind: 'Ed25519', bytes: new Uint8Array(32).fill(1) });
const metadata: DidMetadata = {
  ...{
    versionId: '1-Qm',
    versionNumber: 1,
    versionAt: AT,
    createdAt: AT,
    updatedAt: AT + 1000,
    supersededAt: AT + 1000,
  },
  ...{ scid: 'QmS', portable: true, deactivated: false, ttlMs: 60_000, concessions: [] },
  watchers: ['https://w.example'],
  witness: { threshold: 1, witnesses: [witness] },
};

describe('metadata of a document', () => {
  it('has the names and forms of the specifications', () => {
    expect(documentMetadata(metadata)).toEqual({
      ...{ versionId: '1-Qm', versionNumber: 1, versionTime: '2026-01-01T00:00:00Z' },
      ...{ created: '2026-01-01T00:00:00Z', updated: '2026-01-01T00:00:01Z', nextUpdate: '2026-01-01T00:00:01Z' },
      ...{ scid: 'QmS', portable: true, deactivated: false, ttl: '60', watchers: ['https://w.example'] },
      witness: { threshold: '1', witnesses: [{ id: `did:key:${witness}` }] },
    });
  });

  it('leaves out what there is not', () => {
    const newest = documentMetadata({ ...metadata, supersededAt: undefined, witness: undefined });
    expect(Object.keys(newest)).not.toContain('nextUpdate');
    expect(Object.keys(newest)).not.toContain('witness');
    expect(documentMetadata({ ...metadata, scid: undefined })).toEqual({ deactivated: false });
  });
});

it.each([
  ['not-found', 'notFound'],
  ['unknown-version', 'notFound'],
  ['ip-host', 'invalidDid'],
  ['malformed-did-url', 'invalidDid'],
  ['witness-threshold-unmet', 'invalidDid'],
  ['unsupported-query', 'invalidDidUrl'],
  ['unsupported-did-method', 'methodNotSupported'],
  ['unreachable', 'internalError'],
  ['stale', 'internalError'],
] as const)('%s is the error %s', (reason, error) => {
  expect(resolutionError(reason)).toBe(error);
});
