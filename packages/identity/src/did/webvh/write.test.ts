import { describe, expect, it } from 'vitest';
import { toMultikey } from '../../encoding/multikey.ts';
import { provider as noble } from '../../provider/noble.ts';
import { provider as node } from '../../provider/node.ts';
import type { CryptoProvider } from '../../provider/provider.ts';
import { verifyLog, type VerifiedLog } from './log.ts';
import { createLog, deactivateLog, updateLog, witnessFile, witnessProof, type WrittenLog } from './write.ts';

const AT = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

describe.each([node, noble])('a log of our own, with $name', (provider: CryptoProvider) => {
  const key = (n: number) => provider.ed25519.signingKey(new Uint8Array(32).fill(n));
  const keys = (n: number) => ({ signing: key(n), next: [key(n + 1).publicKey] });
  const multikey = (n: number) => toMultikey({ kind: 'Ed25519', bytes: key(n).publicKey });
  const document = (did: string) => ({ id: did, authentication: [{ id: `${did}#a` }] });
  const created = createLog({ segments: 'agents.example:{SCID}', document, keys: keys(1), at: AT }, provider);
  const verified = ({ did, text }: WrittenLog, at: number, witnessProofs?: string): VerifiedLog => {
    const verdict = verifyLog(did, text, { at, witnessProofs }, provider);
    if (verdict.kind === 'refused') expect.fail(verdict.reason);
    return verdict.log;
  };

  it('names itself by the hash of its first entry', () => {
    const { versions } = verified(created, AT);
    const scid = versions[0]?.parameters.scid ?? '';
    expect(created.did).toBe(`did:webvh:${scid}:agents.example:${scid}`);
    expect(versions[0]?.document).toEqual(document(created.did));
    expect(created.text).not.toContain('{SCID}');
  });

  it('goes on with the keys that were committed to, and no others', () => {
    const first = verified(created, AT);
    const second = updateLog(first, { keys: keys(2), at: AT + DAY, document: { id: created.did, n: 2 } }, provider);
    expect(verified(second, AT + DAY).versions[1]).toMatchObject({
      number: 2,
      document: { n: 2 },
      versionAt: AT + DAY,
    });
    expect(() => updateLog(first, { keys: keys(1), at: AT + DAY }, provider)).toThrow('unmet-pre-rotation');
    expect(() => updateLog(first, { keys: keys(3), at: AT + DAY }, provider)).toThrow('unmet-pre-rotation');
  });

  it('always commits to a next key', () => {
    expect(() => createLog({ segments: 'a.example', keys: { signing: key(1), next: [] }, at: AT }, provider)).toThrow(
      RangeError,
    );
    const again = { signing: key(1), next: [key(1).publicKey] };
    expect(() => createLog({ segments: 'a.example', keys: again, at: AT }, provider)).toThrow(RangeError);
  });

  it('does not become longer than anybody reads', () => {
    const empty = Array.from({ length: 80_000 }, () => ({}));
    const heavy = { id: created.did, empty };
    const heavier = { id: created.did, empty: [...empty, ...Array.from({ length: 7000 }, () => ({}))] };
    const log = { text: created.text, versions: created.versions, concessions: [] };
    const second = updateLog(log, { keys: keys(2), at: AT + DAY, document: heavy }, provider);
    const change = { keys: keys(3), at: AT + 2 * DAY, document: heavier };
    expect(() => updateLog({ ...second, concessions: [] }, change, provider)).toThrow('too-long');
  });

  it('has times that are later, within a second as well', () => {
    const first = verified(created, AT);
    const second = verified(updateLog(first, { keys: keys(2), at: AT + 7 }, provider), AT + 7);
    expect(second.versions[1]?.versionAt).toBe(AT + 7);
    expect(() => updateLog(first, { keys: keys(2), at: AT }, provider)).toThrow('time-not-later');
  });

  it('ends', () => {
    const ended = deactivateLog(verified(created, AT), { signing: key(2), at: AT + DAY }, provider);
    const log = verified(ended, AT + DAY);
    expect(log.versions[1]?.parameters).toMatchObject({ deactivated: true, nextKeyHashes: [] });
    expect(log.versions[1]?.document.authentication).toBeUndefined();
    expect(() => updateLog(log, { keys: keys(2), at: AT + 2 * DAY }, provider)).toThrow('change-after-deactivation');
  });

  it('moves only if it may, and says from where', () => {
    const move = (portable: boolean) => {
      const log = verified(
        createLog({ segments: 'a.example', portable, document, keys: keys(1), at: AT }, provider),
        AT,
      );
      const did = `did:webvh:${log.versions[0]?.parameters.scid ?? ''}:b.example`;
      return updateLog(log, { keys: keys(2), at: AT + DAY, document: { id: did } }, provider);
    };
    const moved = move(true);
    const old = moved.versions[0]?.document.id;
    expect(verified(moved, AT + DAY).versions[1]?.document.alsoKnownAs).toEqual([old]);
    expect(verified({ ...moved, did: old ?? '' }, AT + DAY).versions[1]?.document.id).toBe(moved.did);
    expect(() => move(false)).toThrow('not-portable');
  });

  it('waits for its witnesses', () => {
    const witness = { threshold: 2, witnesses: [multikey(11), multikey(12), multikey(13)] };
    const log = createLog({ segments: 'a.example', witness, keys: keys(1), at: AT }, provider);
    const by = (...ns: number[]) =>
      witnessFile(new Map([[log.versionId, ns.map((n) => witnessProof(log.versionId, key(n), AT, provider))]]));
    const reason = (file?: string) => {
      const verdict = verifyLog(log.did, log.text, { at: AT, witnessProofs: file }, provider);
      return verdict.kind === 'refused' ? verdict.reason : undefined;
    };
    expect(reason()).toBe('missing-witness-proofs');
    expect(reason(by(11))).toBe('witness-threshold-unmet');
    expect(reason(by(11, 11))).toBe('witness-threshold-unmet');
    expect(reason(by(11, 14))).toBe('witness-threshold-unmet');
    expect(reason(by(11, 13))).toBeUndefined();
  });
});
