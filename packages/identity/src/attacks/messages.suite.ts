/** Attacks on what agents send each other and release: envelopes, replays of them, sealed boxes, signatures of roots. */
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalBytes } from '../canonical/jcs.ts';
import { parseJsonBytes, type JsonObject } from '../canonical/strict-json.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import {
  checkEnvelope,
  createEnvelope,
  readEnvelope,
  type EnvelopeHeader,
  type Expectation,
} from '../envelope/envelope.ts';
import { createReplayGuard, type GuardMemory, type ReplayGuard } from '../envelope/replay-guard.ts';
import { admit, EMPTY_WINDOW, WINDOW_SIZE, type ReplayWindow } from '../envelope/replay-window.ts';
import { openBox, readBox, sealBox, type BoxOpening } from '../kem/sealed-box.ts';
import { deriveKeySet, type KeySet } from '../keys/key-set.ts';
import { provider as node } from '../provider/node.ts';
import { LENGTHS, type CryptoProvider } from '../provider/provider.ts';
import { knownKey, signIn, verifyIn, type KnownKey, type Signature, type Signer } from '../signatures/signature.ts';
import { signObject } from '../signatures/signed-object.ts';
import { COMPOSITE, ROOT, type SuiteName } from '../signatures/suite.ts';
import { decided, flipped, type Attack, type SceneOf } from './attack.suite.ts';

/** "Now". */
export const NOW = 1_800_000_000_000;
const QUANTUM_BYTES = LENGTHS.mlDsa65.signatureBytes;
const PAYLOAD = utf8ToBytes('scale web to 3');
const [SENDER, READER, OTHER] = ['did:web:planner.example', 'did:web:executor.example', 'did:web:mallory.example'];

/** Agents with keys. */
export class Cast {
  readonly provider: CryptoProvider;
  readonly sender: KeySet;
  readonly mallory: KeySet;
  readonly reader: KeySet;

  constructor(provider: CryptoProvider) {
    const keys = (agent: string, n: number) =>
      deriveKeySet(new Uint8Array(32).fill(n), { agent, version: 1 }, provider);
    this.provider = provider;
    [this.sender, this.mallory, this.reader] = [keys('planner', 1), keys('mallory', 2), keys('executor', 3)];
  }

  signer(suite: SuiteName = COMPOSITE, keys = this.sender, url = `${SENDER}#auth`): Signer {
    return { url, key: keys.signingKey('authentication', suite) };
  }

  known({ url, key }: Signer = this.signer()): KnownKey {
    const known = knownKey(url, { kind: key.suite, bytes: key.publicKey }, this.provider);
    if (known === undefined) throw new Error(`${key.suite}: no key`);
    return known;
  }

  /** An envelope from sender to reader. */
  envelope(header: Partial<EnvelopeHeader> = {}, signer = this.signer()): Uint8Array {
    const audience = { kind: 'recipient', did: READER } as const;
    const whole = { audience, sequence: 5, sentAt: NOW, expiresAt: NOW + 60_000, ...header };
    return createEnvelope(PAYLOAD, whole, signer, this.provider);
  }

  received(bytes: Uint8Array, change: Partial<Expectation> = {}, payload = PAYLOAD): string {
    const read = readEnvelope(bytes);
    if (read.kind === 'refused') return read.reason;
    const audience = { kind: 'recipient', did: READER } as const;
    const usual: Expectation = { audience, at: NOW, known: this.known(), minimum: COMPOSITE, window: EMPTY_WINDOW };
    return decided(checkEnvelope(read.envelope, payload, { ...usual, ...change }, this.provider));
  }

  /** A box from sender to reader. */
  box(content = PAYLOAD): Uint8Array {
    const recipient = { url: `${READER}#box`, publicKey: this.reader.keyAgreement().publicKey };
    const sealed = sealBox(content, recipient, this.signer(), this.provider);
    if (sealed.kind === 'refused') throw new Error(sealed.reason);
    return sealed.box;
  }

  opened(bytes: Uint8Array, change: Partial<BoxOpening> = {}): string {
    const read = readBox(bytes);
    if (read.kind === 'refused') return read.reason;
    const own = { url: `${READER}#box`, key: this.reader.keyAgreement() };
    return decided(openBox(read.box, { known: this.known(), minimum: COMPOSITE, own, ...change }, this.provider));
  }
}

/** Members of an object as it was sent. */
export function membersOf(bytes: Uint8Array): JsonObject {
  const parsed = parseJsonBytes(bytes);
  if (parsed.kind === 'refused') throw new Error(parsed.reason);
  return parsed.value as JsonObject;
}

function without(members: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

function withMembers(bytes: Uint8Array, change: JsonObject): Uint8Array {
  return canonicalBytes({ ...membersOf(bytes), ...change });
}

function signatureOf(bytes: Uint8Array): Uint8Array {
  return fromBase64Url(membersOf(bytes).signature as string) as Uint8Array;
}

function withSignature(bytes: Uint8Array, change: (signature: Uint8Array) => Uint8Array): Uint8Array {
  return withMembers(bytes, { signature: toBase64Url(change(signatureOf(bytes))) });
}

/** As one who has the key would sign other members. */
function signedAgain(
  domain: 'envelope' | 'sealedBox',
  bytes: Uint8Array,
  change: JsonObject,
  signer: Signer,
): Uint8Array {
  const members = without(membersOf(bytes), 'type', 'suite', 'key', 'signature');
  return signObject(domain, { ...members, ...change }, signer);
}

const inserted = (bytes: Uint8Array, text: string) =>
  utf8ToBytes(`{${text},${new TextDecoder().decode(bytes).slice(1)}`);

/** Envelopes. */
export const envelopes: SceneOf = (provider) => {
  const cast = new Cast(provider);
  const made = cast.envelope();
  const received = cast.received.bind(cast);
  const mallory = cast.signer(COMPOSITE, cast.mallory, `${OTHER}#auth`);
  const classical = cast.signer('Ed25519');
  const seen = (window: ReplayWindow, sequence: number): ReplayWindow => {
    const admitted = admit(window, sequence);
    return admitted.kind === 'admitted' ? admitted.window : window;
  };
  const body = without(membersOf(made), 'signature');
  const ofVote = signIn('vote', [canonicalBytes(body)], cast.signer()).value;
  return {
    what: 'an envelope',
    honest: () => received(made),
    attacks: [
      [
        'the post-quantum half is stripped',
        'malformed-signature',
        () => received(withSignature(made, (s) => s.subarray(QUANTUM_BYTES))),
      ],
      [
        'the classical half is stripped',
        'malformed-signature',
        () => received(withSignature(made, (s) => s.subarray(0, QUANTUM_BYTES))),
      ],
      [
        'the classical half is forged',
        'broken-classical-half',
        () => received(withSignature(made, (s) => flipped(s, 8 * QUANTUM_BYTES))),
      ],
      [
        'the post-quantum half is forged',
        'broken-post-quantum-half',
        () => received(withSignature(made, (s) => flipped(s, 80))),
      ],
      [
        'the post-quantum half is that of another message',
        'broken-post-quantum-half',
        () => {
          const other = signatureOf(cast.envelope({ sequence: 6 })).subarray(0, QUANTUM_BYTES);
          return received(withSignature(made, (s) => concatBytes(other, s.subarray(QUANTUM_BYTES))));
        },
      ],
      [
        'the halves of its signature are exchanged',
        'broken-classical-half',
        () =>
          received(withSignature(made, (s) => concatBytes(s.subarray(QUANTUM_BYTES), s.subarray(0, QUANTUM_BYTES)))),
      ],
      [
        'the same bytes are signed without any domain',
        'broken-classical-half',
        () => received(withSignature(made, () => cast.signer().key.sign(canonicalBytes(body)))),
      ],
      [
        'the algorithm is swapped for a weaker one',
        'other-suite',
        () => received(withMembers(made, { suite: 'Ed25519' })),
      ],
      ['the algorithm is one that nobody knows', 'unknown-suite', () => received(withMembers(made, { suite: 'none' }))],
      [
        'a classical key of the sender is used',
        'suite-below-minimum',
        () => received(cast.envelope({}, classical), { known: cast.known(classical) }),
      ],
      [
        'a signature over the same bytes in the domain of votes is used',
        'broken-classical-half',
        () => received(withSignature(made, () => ofVote)),
      ],
      ['a sealed box is passed off as an envelope', 'other-type', () => received(cast.box())],
      [
        'the format is of a version that is not known',
        'other-type',
        () => received(withMembers(made, { type: 'aia/envelope/v2' })),
      ],
      [
        'it is for a recipient and a topic',
        'malformed',
        () => received(signedAgain('envelope', made, { topic: 'plans' }, cast.signer())),
      ],
      [
        'its payload is numbers of which the lowest bits fit',
        'other-payload',
        () => received(made, {}, Uint16Array.from(PAYLOAD, (byte) => byte + 256) as unknown as typeof PAYLOAD),
      ],
      ['it is replayed', 'replayed', () => received(made, { window: seen(EMPTY_WINDOW, 5) })],
      [
        'it is replayed when its number has left the window',
        'behind-window',
        () => received(made, { window: seen(EMPTY_WINDOW, 5 + WINDOW_SIZE) }),
      ],
      [
        'it is renumbered to be replayed',
        'broken-classical-half',
        () => received(withMembers(made, { sequence: 6 }), { window: seen(EMPTY_WINDOW, 5) }),
      ],
      ['it is delivered when it has expired', 'expired', () => received(made, { at: NOW + 60_000 })],
      [
        'its life is prolonged',
        'broken-classical-half',
        () => received(withMembers(made, { expiresAt: NOW + 3_600_000 }), { at: NOW + 60_000 }),
      ],
      [
        'it is dated ahead',
        'from-future',
        () => received(cast.envelope({ sentAt: NOW + 600_000, expiresAt: NOW + 700_000 })),
      ],
      [
        'it is delivered to somebody else',
        'other-recipient',
        () => received(made, { audience: { kind: 'recipient', did: OTHER } }),
      ],
      [
        'a topic is read as another one',
        'other-topic',
        () =>
          received(cast.envelope({ audience: { kind: 'topic', topic: 'plans' } }), {
            audience: { kind: 'topic', topic: 'votes' },
          }),
      ],
      ['its payload is exchanged', 'other-payload', () => received(made, {}, utf8ToBytes('scale web to 0'))],
      [
        'it is signed by somebody else in the name of the sender',
        'other-sender',
        () => received(signedAgain('envelope', made, {}, mallory)),
      ],
      ['it names another key of the sender', 'other-key', () => received(withMembers(made, { key: `${SENDER}#old` }))],
      ['it names its sender for a key', 'other-sender', () => received(withMembers(made, { key: SENDER }))],
      [
        'it is signed with a key of the same suite that is not the sender’s',
        'broken-classical-half',
        () => received(cast.envelope({}, cast.signer(COMPOSITE, cast.mallory))),
      ],
      ['a name stands twice', 'malformed', () => received(inserted(made, '"sequence":6'))],
      ['it has a member that nobody knows', 'malformed', () => received(withMembers(made, { crit: ['exp'] }))],
      ['a name has a character that is none', 'malformed', () => received(inserted(made, '"\\ufdd0":1'))],
      ['something follows it', 'malformed', () => received(concatBytes(made, utf8ToBytes('{}')))],
      [
        'it is written in another way',
        'not-canonical',
        () => received(utf8ToBytes(JSON.stringify(membersOf(made), undefined, 1))),
      ],
      [
        'its signature has bits left over',
        'malformed-signature',
        () => received(withMembers(made, { signature: `${String(membersOf(made).signature)}A=` })),
      ],
      ['it is far too long', 'too-long', () => received(concatBytes(made, new Uint8Array(2 ** 20).fill(0x20)))],
    ] satisfies readonly Attack[],
  };
};

/** Envelopes that come again. */
export const replays: SceneOf = (provider) => {
  const cast = new Cast(provider);
  const known = cast.known();
  const audience = { kind: 'recipient', did: READER } as const;
  const [made, next] = [
    cast.envelope(),
    cast.envelope({ sequence: 6, sentAt: NOW + 90_000, expiresAt: NOW + 150_000 }),
  ];
  const mallory = cast.signer(COMPOSITE, cast.mallory, `${OTHER}#auth`);
  const of = (guard: ReplayGuard) => (bytes: Uint8Array, at: number, signer?: Signer) => {
    const read = readEnvelope(bytes);
    if (read.kind === 'refused') return read.reason;
    const expected = { audience, at, known: signer ? cast.known(signer) : known, minimum: COMPOSITE };
    return decided(guard.check(read.envelope, PAYLOAD, expected));
  };
  /** A guard that has accepted it. */
  const seen = (memory: GuardMemory = {}) => {
    const guard = createReplayGuard(memory, provider);
    of(guard)(made, NOW);
    return guard;
  };
  return {
    what: 'an envelope at a guard',
    honest: () => of(createReplayGuard({}, provider))(made, NOW),
    attacks: [
      ['it comes twice', 'replayed', () => of(seen())(made, NOW)],
      ['it comes again after a restart', 'replayed', () => of(createReplayGuard(seen().memory(), provider))(made, NOW)],
      [
        'it comes again after a restart without memory',
        'sent-before-memory',
        () => of(createReplayGuard({ knownSince: NOW }, provider))(made, NOW),
      ],
      [
        'it comes again after a restart without memory, when its sender has spoken since',
        'sent-before-memory',
        () => {
          const again = of(createReplayGuard({ knownSince: NOW }, provider));
          return again(next, NOW + 90_000) === 'accepted' ? again(made, NOW) : 'not begun';
        },
      ],
      [
        'it comes again when its stream was crowded out and the clock is set back',
        'sent-before-memory',
        () => {
          const guard = seen({ mostStreams: 1 });
          const later = { sentAt: NOW + 60_000, expiresAt: NOW + 70_000 };
          const crowding = of(guard)(cast.envelope(later, mallory), NOW + 60_000, mallory);
          return crowding === 'accepted' ? of(guard)(made, NOW) : crowding;
        },
      ],
      [
        'its stream is to be crowded out before it has expired',
        'too-many-streams',
        () => of(seen({ mostStreams: 1 }))(cast.envelope({}, mallory), NOW, mallory),
      ],
      [
        'its number was to be used up by a forgery',
        'replayed',
        () => {
          const guard = createReplayGuard({}, provider);
          of(guard)(
            withSignature(made, (s) => flipped(s, 3)),
            NOW,
          );
          return of(guard)(made, NOW) === 'accepted' ? of(guard)(made, NOW) : 'used up';
        },
      ],
    ] satisfies readonly Attack[],
  };
};

/** Signatures that outlast lattices and elliptic curves. node:crypto signs, since noble takes seconds for it. */
export const releases: SceneOf = (provider) => {
  const cast = new Cast(provider);
  const url = `${SENDER}#release`;
  const root = {
    url,
    key: deriveKeySet(new Uint8Array(32).fill(4), { agent: 'root', version: 1 }, node).signingKey('assertion', ROOT),
  };
  const parts = [utf8ToBytes('aia 1.0.0')];
  const made = signIn('release', parts, root);
  const verified = (signature: Signature, signer: Signer = root, signed: readonly Uint8Array[] = parts) =>
    decided(verifyIn('release', signed, signature, cast.known(signer), ROOT));
  const composite = { url, key: cast.sender.signingKey('assertion', COMPOSITE) };
  return {
    what: 'a release',
    honest: () => verified(made),
    attacks: [
      [
        'a composite stands in for hashes alone',
        'suite-below-minimum',
        () => verified(signIn('release', parts, composite), composite),
      ],
      ['it is said to be signed in another suite', 'other-suite', () => verified({ ...made, suite: COMPOSITE })],
      ['it is another release', 'broken-signature', () => verified(made, root, [utf8ToBytes('aia 1.0.1')])],
      ['it was signed as a checkpoint', 'broken-signature', () => verified(signIn('checkpoint', parts, root))],
      ['its signature is cut off', 'malformed-signature', () => verified({ ...made, value: made.value.subarray(1) })],
      ['its signature is changed', 'broken-signature', () => verified({ ...made, value: flipped(made.value, 40_000) })],
      ['another key is named', 'other-key', () => verified({ ...made, key: `${SENDER}#auth` })],
    ] satisfies readonly Attack[],
  };
};

/** Sealed boxes. */
export const sealedBoxes: SceneOf = (provider) => {
  const cast = new Cast(provider);
  const made = cast.box();
  const opened = cast.opened.bind(cast);
  const mallory = cast.signer(COMPOSITE, cast.mallory, `${OTHER}#auth`);
  const again = (change: JsonObject) => signedAgain('sealedBox', made, change, cast.signer());
  const bytesOf = (name: string) => fromBase64Url(membersOf(made)[name] as string) as Uint8Array;
  const lowOrder = () => {
    const encapsulation = Uint8Array.from(bytesOf('encapsulation'));
    return toBase64Url(encapsulation.fill(0, LENGTHS.mlKem768.ciphertextBytes));
  };
  return {
    what: 'a sealed box',
    honest: () => opened(made),
    attacks: [
      [
        'the signature is taken off and another one put on',
        'broken-ciphertext',
        () => opened(signedAgain('sealedBox', made, { sender: OTHER }, mallory), { known: cast.known(mallory) }),
      ],
      [
        'it is signed by somebody else in the name of the sender',
        'other-sender',
        () => opened(signedAgain('sealedBox', made, {}, mallory)),
      ],
      [
        'it is delivered to another key',
        'other-recipient',
        () => opened(made, { own: { url: `${OTHER}#box`, key: cast.mallory.keyAgreement() } }),
      ],
      [
        'it is for one DID and sealed to the key of another',
        'other-recipient',
        () => opened(again({ recipient: OTHER })),
      ],
      [
        'it was sealed to another key under the same name',
        'broken-ciphertext',
        () => opened(made, { own: { url: `${READER}#box`, key: cast.mallory.keyAgreement() } }),
      ],
      [
        'its encapsulation is that of another box',
        'broken-ciphertext',
        () => opened(again({ encapsulation: membersOf(cast.box()).encapsulation as string })),
      ],
      ['its ciphertext is empty', 'broken-ciphertext', () => opened(again({ ciphertext: '' }))],
      ['it is for a DID and for no key of it', 'other-recipient', () => opened(again({ recipientKey: READER }))],
      ['its cipher is another', 'unknown-cipher', () => opened(again({ cipher: 'HPKE-0' }))],
      [
        'its ciphertext is changed',
        'broken-classical-half',
        () => opened(withMembers(made, { ciphertext: toBase64Url(flipped(bytesOf('ciphertext'), 3)) })),
      ],
      [
        'its ciphertext is changed by the sender',
        'broken-ciphertext',
        () => opened(again({ ciphertext: toBase64Url(flipped(bytesOf('ciphertext'), 3)) })),
      ],
      [
        'its ciphertext is cut off',
        'broken-ciphertext',
        () => opened(again({ ciphertext: toBase64Url(bytesOf('ciphertext').subarray(0, 5)) })),
      ],
      [
        'its encapsulation is that of ML-KEM alone',
        'broken-encapsulation',
        () =>
          opened(
            again({
              encapsulation: toBase64Url(bytesOf('encapsulation').subarray(0, LENGTHS.mlKem768.ciphertextBytes)),
            }),
          ),
      ],
      [
        'its ephemeral point has a small order',
        'broken-encapsulation',
        () => opened(again({ encapsulation: lowOrder() })),
      ],
      ['an envelope is passed off as a box', 'other-type', () => opened(cast.envelope())],
    ] satisfies readonly Attack[],
  };
};
