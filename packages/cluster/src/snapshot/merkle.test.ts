import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnapshotBuilder } from './builder.ts';
import {
  inclusionProof,
  leafHash,
  merkleRoot,
  rootOfHashes,
  snapshotLeaves,
  snapshotTree,
  verifyInclusion,
  verifyLeaf,
} from './merkle.ts';
import { createSnapshot, type ClusterSnapshot } from './snapshot.ts';

const vectors = new URL('../../vectors/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, vectors), 'utf8');

interface InclusionVector {
  readonly file: string;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const hex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

function snapshotOf(objects: readonly unknown[]): ClusterSnapshot {
  const builder = new SnapshotBuilder();
  for (const object of structuredClone(objects)) builder.add(object, 'test');
  return builder.build({ source: { kind: 'dump', name: 'test' } });
}

const configMap = (name: string, value: string): unknown => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

describe('the tree of RFC 6962', () => {
  const tree = JSON.parse(read('merkle/tree.json')) as {
    leafInputs: string[];
    nodeHashesByLevel: string[][];
    rootHashesBySize: string[];
  };

  it('hashes leaves and roots of every size as Certificate Transparency does', () => {
    const hashes = tree.leafInputs.map((input) => leafHash(hexToBytes(input)));
    expect(hashes.map((hash) => bytesToHex(hash))).toEqual(tree.nodeHashesByLevel[0]);
    tree.rootHashesBySize.forEach((root, size) => expect(bytesToHex(rootOfHashes(hashes.slice(0, size)))).toBe(root));
  });

  it('keeps leaves and inner nodes apart, so that no node can be shown as a leaf (second preimage)', () => {
    const [a, b] = [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))];
    const both = new Uint8Array([...a, ...b]);
    expect(bytesToHex(leafHash(both))).not.toBe(bytesToHex(rootOfHashes([a, b])));
    expect(bytesToHex(rootOfHashes([a]))).toBe(bytesToHex(a));
    expect(bytesToHex(rootOfHashes([a, b]))).not.toBe(bytesToHex(rootOfHashes([b, a])));
    expect(bytesToHex(rootOfHashes([a, b]))).not.toBe(bytesToHex(rootOfHashes([a, b, b])));
  });

  it('accepts and refuses the published inclusion proofs', () => {
    const cases = JSON.parse(read('merkle/inclusion.json')) as InclusionVector[];
    expect(cases.length).toBeGreaterThan(30);
    for (const { file, leafIdx, treeSize, root, leafHash: leaf, proof, wantErr } of cases) {
      const given = { leafHash: hex(leaf), index: leafIdx, size: treeSize, path: (proof ?? []).map(hex) };
      expect(verifyInclusion(given, hex(root)), file).toBe(!wantErr);
    }
  });
});

describe('merkleRoot', () => {
  it('does not depend on the order of objects or of their fields', () => {
    const a = snapshotOf([configMap('a', '1'), configMap('b', '2')]);
    const b = snapshotOf([
      { data: { value: '2' }, metadata: { name: 'b' }, kind: 'ConfigMap', apiVersion: 'v1' },
      configMap('a', '1'),
    ]);
    expect(merkleRoot(a)).toBe(merkleRoot(b));
  });

  it('does not depend on the order of two series of one container either', () => {
    const of = (value: number) => ({
      namespace: 'n',
      pod: 'p',
      container: 'c',
      cpu: { times: [1], values: [value] },
      memory: undefined,
    });
    const base = snapshotOf([]);
    const roots = [
      [of(1), of(2)],
      [of(2), of(1)],
      [of(2), of(2)],
    ].map((containers) => merkleRoot(createSnapshot({ ...base, usage: { sources: [], containers } })));
    expect(roots[0]).toBe(roots[1]);
    expect(roots[0]).not.toBe(roots[2]);
  });

  it('changes with any character of any object', () => {
    const text = JSON.stringify(configMap('a', 'value'));
    const root = merkleRoot(snapshotOf([JSON.parse(text)]));
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom('x', '0', '"', '{', ' ', '\\u0000'), (at, put) => {
        const changed = text.slice(0, at) + put + text.slice(at + 1);
        const parsed = parsedOr(changed);
        fc.pre(parsed !== undefined && JSON.stringify(parsed) !== text);
        expect(merkleRoot(snapshotOf([parsed]))).not.toBe(root);
      }),
    );
  });

  it('changes with any object, any other part, and the time', () => {
    const a = snapshotOf([configMap('a', '1')]);
    const quotas = [{ metric: 'CPUS', region: 'r', limit: 1, usage: 1 }];
    const variants = [
      a,
      snapshotOf([configMap('a', '2')]),
      createSnapshot({ ...a, observedAt: 1 }),
      createSnapshot({ ...a, cloud: { ...a.cloud, quotas } }),
      createSnapshot({ ...a, cloud: { ...a.cloud, quotas: [] } }),
    ];
    expect(new Set(variants.map(merkleRoot)).size).toBe(5);
  });

  it('binds objects that have no canonical form instead of failing on them', () => {
    const infinite = snapshotOf([
      JSON.parse('{"apiVersion":"v1","kind":"X","metadata":{"name":"a"},"n":1e999,"s":"\\ud800"}'),
    ]);
    const other = snapshotOf([
      JSON.parse('{"apiVersion":"v1","kind":"X","metadata":{"name":"a"},"n":1e999,"s":"\\ud801"}'),
    ]);
    expect(merkleRoot(infinite)).not.toBe(merkleRoot(other));
  });
});

describe('inclusion proofs', () => {
  it('hold for every leaf of a snapshot of any size, and for no other leaf, index or root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.nat(), fc.nat({ max: 255 }), (size, pick, flip) => {
        const snapshot = snapshotOf(Array.from({ length: size }, (_, i) => configMap(`c${i}`, String(i))));
        const tree = snapshotTree(snapshot);
        const leaves = snapshotLeaves(snapshot);
        const leaf = leaves[pick % leaves.length];
        if (leaf === undefined) throw new Error('a snapshot always has leaves');
        const proof = tree.prove(leaf.type, leaf.key);
        if (proof === undefined) throw new Error('every leaf has a proof');
        expect(verifyLeaf(leaf, proof, tree.root)).toBe(true);
        expect(verifyLeaf({ ...leaf, value: { other: true } }, proof, tree.root)).toBe(false);
        expect(verifyLeaf({ ...leaf, type: leaf.type === 'meta' ? 'object' : 'meta' }, proof, tree.root)).toBe(false);
        expect(verifyInclusion({ ...proof, index: proof.index + 1 }, tree.root)).toBe(false);
        expect(verifyInclusion({ ...proof, path: [...proof.path, proof.leafHash] }, tree.root)).toBe(false);
        expect(verifyInclusion(proof, flipped(tree.root, flip))).toBe(false);
        if (proof.path.length > 0)
          expect(verifyInclusion({ ...proof, path: proof.path.slice(1) }, tree.root)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('is undefined for what the snapshot does not have', () => {
    const snapshot = snapshotOf([configMap('a', '1')]);
    expect(inclusionProof(snapshot, 'object', '/ConfigMap/default/b')).toBeUndefined();
    expect(inclusionProof(snapshot, 'object', '/ConfigMap/default/a')).toBeDefined();
  });
});

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flipped(root: string, bit: number): string {
  const bytes = hexToBytes(root);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytesToHex(bytes);
}
