/**
 * Sealed boxes: bytes that only one agent can open, from an agent that signs for them. HPKE in base mode with X-Wing hides them; a signature outside covers the
 * encapsulated key, the ciphertext and both DIDs, and the key schedule knows both as well, so that nobody can take the signature off and put his own on.
 * A box may be opened twice: what must not be repeated travels in an envelope.
 */
import { canonicalBytes } from '../canonical/jcs.ts';
import { framed } from '../canonical/domains.ts';
import { fromBase64Url, toBase64Url } from '../encoding/multibase.ts';
import { provider as defaultProvider } from '#provider';
import { requireBytes, type CryptoProvider, type DecapsulationKey } from '../provider/provider.ts';
import { ownerOf, type KnownKey, type SignatureRefusal, type Signer, type Verified } from '../signatures/signature.ts';
import {
  readSignedObject,
  signObject,
  verifyObject,
  type ObjectRefusal,
  type UnverifiedObject,
} from '../signatures/signed-object.ts';
import type { SuiteName } from '../signatures/suite.ts';
import { setUpRecipient, setUpSender, type HpkeSuite } from './hpke.ts';

/** The cipher of all boxes, by its name in draft-skokan-jose-hpke-pq-pqt-01, which is `alg` of the recipient's key too. */
export const BOX_CIPHER = 'HPKE-11';

const SUITE: HpkeSuite = { kem: 'X-Wing', kdf: 'SHAKE256', aead: 'ChaCha20Poly1305' };

/** Most bytes of what is sealed. */
export const MOST_BOX_BYTES = 2 ** 20;

/** Most bytes of a box: the content in base64url, and room for keys, names and signature. */
const MOST_TEXT_BYTES = 2 * MOST_BOX_BYTES;

/** Whom a box is for. */
export interface BoxRecipient {
  /** DID URL of an X-Wing key. */
  readonly url: string;
  readonly publicKey: Uint8Array;
}

/** A box that was read: whose it claims to be, and whom it is for. Nothing of it has been verified. */
export interface SealedBox {
  readonly sender: string;
  readonly recipient: string;
  /** DID URLs of the keys. */
  readonly senderKey: string;
  readonly recipientKey: string;
  readonly encapsulation: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly object: UnverifiedObject;
}

/** Why bytes are no box. */
export type BoxRefusal =
  | ObjectRefusal
  | 'unknown-cipher'
  /** The key is another DID's than the sender says to be. */
  | 'other-sender'
  /** The key is another DID's than the one that the box is for. */
  | 'other-recipient';

/** Why a box stays closed. */
export type OpenRefusal = SignatureRefusal | 'other-recipient' | 'broken-encapsulation' | 'broken-ciphertext';

/** What opens a box. */
export interface BoxOpening {
  /** The sender's key, from its document, under its `authentication`. */
  readonly known: KnownKey;
  readonly minimum: SuiteName;
  /** The recipient's own key and its DID URL. */
  readonly own: { readonly url: string; readonly key: DecapsulationKey };
}

/**
 * Text of a box; refused where the recipient's key is none.
 * @throws RangeError for more than {@link MOST_BOX_BYTES}
 * @throws TypeError for content that is no bytes, and for keys whose URL is none of a key
 */
export function sealBox(
  content: Uint8Array,
  recipient: BoxRecipient,
  signer: Signer,
  provider: CryptoProvider = defaultProvider,
):
  | { readonly kind: 'sealed'; readonly box: Uint8Array }
  | { readonly kind: 'refused'; readonly reason: 'malformed-recipient-key' } {
  requireBytes('content', content);
  if (content.length > MOST_BOX_BYTES)
    throw new RangeError(`content: has ${content.length} bytes, at most ${MOST_BOX_BYTES} are sealed`);
  const names = {
    cipher: BOX_CIPHER,
    sender: requireOwner('signer', signer.url),
    recipient: requireOwner('recipient', recipient.url),
    recipientKey: recipient.url,
  };
  const info = infoOf({ ...names, senderKey: signer.url });
  const context = setUpSender(SUITE, recipient.publicKey, { info }, provider);
  if (context === undefined) return { kind: 'refused', reason: 'malformed-recipient-key' };
  const members = {
    ...names,
    encapsulation: toBase64Url(context.encapsulation),
    ciphertext: toBase64Url(context.seal(content)),
  };
  return { kind: 'sealed', box: signObject('sealedBox', members, signer) };
}

const MEMBERS = ['cipher', 'sender', 'recipient', 'recipientKey', 'encapsulation', 'ciphertext'] as const;
const NAMES: ReadonlySet<string> = new Set(MEMBERS);

/** Takes a box apart, so that the sender's key can be looked up. Never throws. */
export function readBox(
  bytes: Uint8Array,
): { readonly kind: 'box'; readonly box: SealedBox } | { readonly kind: 'refused'; readonly reason: BoxRefusal } {
  const refused = (reason: BoxRefusal) => ({ kind: 'refused', reason }) as const;
  const object = readSignedObject(bytes, 'sealedBox', { names: NAMES, mostBytes: MOST_TEXT_BYTES });
  if (object.kind === 'refused') return object;
  const [cipher, sender, recipient, recipientKey, ...encoded] = MEMBERS.map((name) => object.body[name]);
  const [encapsulation, ciphertext] = encoded.map((text) =>
    typeof text === 'string' ? fromBase64Url(text) : undefined,
  );
  if (typeof sender !== 'string' || typeof recipient !== 'string' || typeof recipientKey !== 'string')
    return refused('malformed');
  if (encapsulation === undefined || ciphertext === undefined) return refused('malformed');
  if (cipher !== BOX_CIPHER) return refused('unknown-cipher');
  const senderKey = object.signature.key;
  if (ownerOf(senderKey) !== sender) return refused('other-sender');
  if (ownerOf(recipientKey) !== recipient) return refused('other-recipient');
  return { kind: 'box', box: { sender, recipient, senderKey, recipientKey, encapsulation, ciphertext, object } };
}

/** Verifies a box and opens it: the signature first, so that nothing unsigned reaches the key. Never throws. */
export function openBox(
  box: SealedBox,
  { known, minimum, own }: BoxOpening,
  provider: CryptoProvider = defaultProvider,
):
  | { readonly kind: 'opened'; readonly content: Uint8Array; readonly verified: readonly Verified[] }
  | { readonly kind: 'refused'; readonly reason: OpenRefusal } {
  const refused = (reason: OpenRefusal) => ({ kind: 'refused', reason }) as const;
  if (box.recipientKey !== own.url) return refused('other-recipient');
  const verdict = verifyObject('sealedBox', box.object, known, minimum);
  if (verdict.kind === 'refused') return verdict;
  const info = infoOf({ ...box, cipher: BOX_CIPHER });
  const context = setUpRecipient(SUITE, own.key, box.encapsulation, { info }, provider);
  if (context === undefined) return refused('broken-encapsulation');
  const content = context.open(box.ciphertext);
  return content === undefined ? refused('broken-ciphertext') : { kind: 'opened', content, verified: verdict.verified };
}

interface BoxNames {
  readonly cipher: string;
  readonly sender: string;
  readonly senderKey: string;
  readonly recipient: string;
  readonly recipientKey: string;
}

/** What HPKE binds its keys to. */
function infoOf({ cipher, sender, senderKey, recipient, recipientKey }: BoxNames): Uint8Array {
  return framed('boxSchedule', canonicalBytes({ cipher, sender, senderKey, recipient, recipientKey }));
}

function requireOwner(field: string, url: string): string {
  const did = ownerOf(url);
  if (did === undefined) throw new TypeError(`${field}: ${JSON.stringify(url)} is no DID URL of a key`);
  return did;
}
