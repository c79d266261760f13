/**
 * A Merkle tree over a snapshot, so that one fact of it can be attested without showing the rest.
 * Sources: RFC 9162 section 2.1 (tree, inclusion proofs), RFC 6962 (same hashes), RFC 8785 (canonical JSON).
 */
import { compare } from '../model/order.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { objectKey } from '../model/resource-ref.ts';
import { canonicalJson } from './canonical-json.ts';
import type { CertificateFacts } from './certificate.ts';
import type { SnapshotParts } from './snapshot.ts';

/**
 * What a leaf states. Its bytes are the UTF-8 of `aia.snapshot/1 ‹type›\n` followed by the canonical JSON of
 * `{ "key": …, "value": … }`, so that no leaf of one type can be passed off as another.
 *
 * | type | key | value |
 * |---|---|---|
 * | `object` | `objectKey`: `apps/Deployment/shop/web` | the admitted, redacted object |
 * | `quota` | `us-central1/CPUS` | the quota |
 * | `usage` | `namespace/pod/container` | the container's series |
 * | `certificate` | source, subject and serial number | its facts |
 * | `meta` | name of a part of the snapshot: `source`, `observedAt`, `cloud`, `logs`, … | that part (`cloud` with the number of its quotas only) |
 */
export type LeafType = 'object' | 'quota' | 'usage' | 'certificate' | 'meta';

/** One leaf before hashing. */
export interface SnapshotLeaf {
  readonly type: LeafType;
  readonly key: string;
  readonly value: unknown;
}

/** Shows that a leaf is in the tree of a root (RFC 9162 section 2.1.3). Hashes are lower-case hex. */
export interface InclusionProof {
  readonly leafHash: string;
  /** Position of the leaf, from 0. */
  readonly index: number;
  /** Number of leaves of the tree. */
  readonly size: number;
  /** Sibling hashes from the leaf upwards. */
  readonly path: readonly string[];
}

/** The hashed tree of one snapshot; making it hashes everything once, proofs after that are cheap. */
export interface SnapshotTree {
  /** Lower-case hex. */
  readonly root: string;
  readonly size: number;
  /** `undefined` when the snapshot has no such leaf. */
  prove(type: LeafType, key: string): InclusionProof | undefined;
}

/** The leaves of a snapshot, sorted by type and key; input order does not matter. */
export function snapshotLeaves(snapshot: SnapshotParts): readonly SnapshotLeaf[] {
  const {
    objects,
    cloud,
    usage,
    certificates,
    unreadableCertificates,
    endpoints,
    source,
    observedAt,
    serverVersion,
    logs,
    missing,
    problems,
    redactions,
  } = snapshot;
  const { quotas, ...otherCloud } = cloud;
  // How many there are tells quotas that were read and empty from quotas that were not read.
  const cloudFacts = { ...otherCloud, quotas: quotas?.length };
  const meta = {
    source,
    observedAt,
    serverVersion,
    cloud: cloudFacts,
    logs,
    missing,
    problems,
    redactions,
    usageSources: usage.sources,
    // Only where there are any, so that older seals hold.
    ...(unreadableCertificates.length > 0 && { unreadableCertificates }),
    ...(endpoints.length > 0 && { endpoints }),
  };
  const leaves: SnapshotLeaf[] = [
    ...objects.map((value) => leaf('object', objectKey(value), value)),
    ...(quotas ?? []).map((value) => leaf('quota', `${value.region}/${value.metric}`, value)),
    ...usage.containers.map((value) => leaf('usage', `${value.namespace}/${value.pod}/${value.container}`, value)),
    ...certificates.map((value) => leaf('certificate', certificateKey(value), value)),
    ...Object.entries(meta).map(([key, value]) => leaf('meta', key, value ?? null)),
  ];
  return leaves.sort((a, b) => compare(a.type, b.type) || compare(a.key, b.key) || compareValues(a, b));
}

/** The bytes that are hashed for a leaf. */
function leafBytes({ type, key, value }: SnapshotLeaf): Uint8Array {
  return utf8ToBytes(`aia.snapshot/1 ${type}\n${canonicalJson({ key, value })}`);
}

/** The tree of a snapshot. */
export function snapshotTree(snapshot: SnapshotParts): SnapshotTree {
  const leaves = snapshotLeaves(snapshot);
  const hashes = leaves.map((each) => leafHash(leafBytes(each)));
  const levels = treeLevels(hashes);
  const positions = new Map(leaves.map(({ type, key }, i) => [`${type}/${key}`, i]));
  return {
    root: bytesToHex(rootOf(levels)),
    size: leaves.length,
    prove: (type, key) => {
      const index = positions.get(`${type}/${key}`);
      if (index === undefined) return undefined;
      const path = pathOf(levels, index).map((hash) => bytesToHex(hash));
      return { leafHash: bytesToHex(hashes[index] as Uint8Array), index, size: leaves.length, path };
    },
  };
}

/** Root over all of a snapshot, in lower-case hex. Costs a pass over everything; for proofs too, use {@link snapshotTree}. */
export function merkleRoot(snapshot: SnapshotParts): string {
  return snapshotTree(snapshot).root;
}

/** Proof for one leaf; for several of one snapshot, use {@link snapshotTree}. */
export function inclusionProof(snapshot: SnapshotParts, type: LeafType, key: string): InclusionProof | undefined {
  return snapshotTree(snapshot).prove(type, key);
}

/** Whether `proof` shows that its leaf hash is in the tree of `root` (hex). Malformed proofs are refused, never thrown on. */
export function verifyInclusion(proof: InclusionProof, root: string): boolean {
  const { index, size, path } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  const hashes = [proof.leafHash, root, ...path];
  if (path.length > 64 || !hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))) return false;
  return rootFrom(proof) === root;
}

/** Whether `proof` shows that exactly this leaf is in the tree of `root` (hex). */
export function verifyLeaf(content: SnapshotLeaf, proof: InclusionProof, root: string): boolean {
  return bytesToHex(leafHash(leafBytes(content))) === proof.leafHash && verifyInclusion(proof, root);
}

/** `SHA-256(0x00 || leaf)`. */
export function leafHash(bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF, bytes));
}

/** Root of a list of leaf hashes; that of no leaves is the hash of nothing. */
export function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  return rootOf(treeLevels(hashes));
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE, left, right));
}

/** All levels from the leaves up; a last hash without a sibling moves up unchanged, which equals RFC 9162's split. */
function treeLevels(hashes: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const levels = [hashes];
  for (let level = hashes; level.length > 1;) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      const right = level[i + 1];
      next.push(right === undefined ? left : nodeHash(left, right));
    }
    levels.push((level = next));
  }
  return levels;
}

function rootOf(levels: readonly (readonly Uint8Array[])[]): Uint8Array {
  return levels.at(-1)?.[0] ?? sha256(new Uint8Array());
}

function pathOf(levels: readonly (readonly Uint8Array[])[], index: number): readonly Uint8Array[] {
  const siblings = levels.slice(0, -1).map((level, height) => level[Math.floor(index / 2 ** height) ^ 1]);
  return siblings.filter((hash) => hash !== undefined);
}

/** RFC 9162 section 2.1.3.2; `undefined` when the path has the wrong length. Hashes are well-formed hex. */
function rootFrom({ leafHash: start, index, size, path }: InclusionProof): string | undefined {
  let position = index;
  let last = size - 1;
  let hash: Uint8Array = hexToBytes(start);
  for (const text of path) {
    if (last === 0) return undefined;
    const sibling = hexToBytes(text);
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) [position, last] = [half(position), half(last)];
    } else hash = nodeHash(hash, sibling);
    [position, last] = [half(position), half(last)];
  }
  return last === 0 ? bytesToHex(hash) : undefined;
}

/** A right shift that is right beyond 31 bits too. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function leaf(type: LeafType, key: string, value: unknown): SnapshotLeaf {
  return { type, key, value };
}

function certificateKey({ source, subject, serialNumber }: CertificateFacts): string {
  return `${canonicalJson(source)} ${subject} ${serialNumber}`;
}

/** Two leaves of one key (the same container in two series) stand in the order of their content, not of the input. */
function compareValues(a: SnapshotLeaf, b: SnapshotLeaf): number {
  return compare(canonicalJson(a.value), canonicalJson(b.value));
}
