/** What reasons of refusal mean, and what to do about them. */
import type { PresentationRefusal } from '@aia/identity';

/** Why something is refused, in a sentence for whoever was handed it. */
export const REASONS: Readonly<Record<PresentationRefusal, string>> = {
  // What it looks like.
  'malformed-json':
    'It is no JSON that can be signed; what was signed reads in one way alone. Take the file as it was issued.',
  'malformed-credential': 'A member is missing or has no meaning there. Take the file as it was issued.',
  'malformed-presentation': 'A member is missing or has no meaning there. Have it presented again.',
  'unknown-context': 'It uses words of others, which may mean anything here.',
  'unknown-type': 'It is none of the kinds that are known here: credential, chain, presentation, status list.',
  'unknown-field': 'It has a member that is not known here, and may mean anything.',
  // Proofs.
  'no-proof': 'Nobody signed it.',
  'malformed-proof': 'A proof is not of the form that all have.',
  'unknown-cryptosuite': 'A proof is of a suite that is not known here.',
  'unsupported-proof-member': 'A proof has a member that is not known here, and may mean anything.',
  'other-key-kind': 'The key that a proof names is of another kind than its suite: somebody exchanged one of them.',
  'malformed-key': 'The key that a proof names is none.',
  'proof-from-future': 'A proof says to be made later than now. Look at the clocks of its signer and of this machine.',
  'expired-proof': 'A proof ran out. Have it signed again.',
  'other-context': 'Its contexts are others than those that were signed.',
  'broken-signature': 'It was changed after it was signed, or signed with another key than it says. Do not use it.',
  'repeated-proof': 'Two proofs are by one key, and count once.',
  'other-purpose': 'A proof was made for something else, and is used here for what its signer did not mean.',
  'other-challenge': 'It was presented for another challenge: an answer to somebody else, or an old one shown again.',
  'other-domain': 'It was presented to another verifier.',
  'missing-post-quantum-proof': 'The signer has post-quantum keys, and no proof is by one: somebody took it away.',
  'missing-classical-proof': 'The signer has classical keys, and no proof is by one: somebody took it away.',
  // Keys.
  'malformed-key-url': 'A proof names no key by a DID URL.',
  'other-document': 'A proof names the key of somebody else than the one who has to have signed.',
  'unknown-method': 'The signer has no such key, or not any more. Look how old the document is.',
  'ambiguous-method': 'The signer has two keys of that name.',
  'malformed-method': 'The key that a proof names is not written as keys are.',
  'unsupported-method': 'The key that a proof names is of a kind that is not known here.',
  'other-relationship': 'The key that a proof names may not be used for that.',
  'revoked-key': 'The signer revoked the key. Have it issued again with a newer one.',
  'expired-key': 'The key that a proof names ran out. Have it issued again with a newer one.',
  // Who and when.
  'untrusted-issuer': 'It is issued by somebody else than those whose word counts here (--issuer).',
  'unresolved-signer':
    "The document of the signer's DID cannot be had, is too old for a write, or was deactivated. Ask its origin, or hand over what it published with --published.",
  'not-yet-valid': 'It begins later.',
  expired: 'It ran out. Have it issued again.',
  // Status.
  'no-status': 'It cannot be revoked, and --require-status asks for what can be.',
  'no-status-list':
    'The list that says whether it was revoked cannot be had. Ask its origin, or hand it over with --published or --status-list.',
  'stale-status-list': 'The list that says whether it was revoked is too old for a write. Ask its origin.',
  'other-status-list': 'The list at that address is another one.',
  'other-status-purpose': 'The list does not say what the credential refers to.',
  'status-out-of-range': 'The list is too short to say anything of it.',
  'malformed-status-list': 'The list cannot be read.',
  'short-status-list': 'The list has so few entries that it tells which of them is meant.',
  'unknown-status': 'How it can be revoked is not known here.',
  revoked: 'Its issuer took it back.',
  suspended: 'Its issuer holds it back for now.',
  'other-status': 'Its issuer set a status that is not known here.',
  // Chains.
  'empty-chain': 'There is no credential in it.',
  'too-deep': 'It was handed on more often than is taken here.',
  'cyclic-chain': 'It hands grants to somebody who handed them on before.',
  'malformed-capabilities': 'It grants nothing in a form that is known here.',
  'without-end': 'Grants have to end.',
  'other-parent': 'It hands on another credential than the one before it. Give the whole chain, the root first.',
  'widened-grant': 'It grants more than whoever issued it was given.',
  'widened-validity': 'It holds longer than what it hands on.',
  // What is disclosed.
  'malformed-disclosure': 'What opens a concealed part is not of the form that all have, or is there twice.',
  'malformed-digest': 'What stands for a concealed part is no digest.',
  'unknown-digest-algorithm': 'Concealed parts stand there by digests of a kind that is not known here.',
  'repeated-digest': 'The same digest stands there twice.',
  'unreferenced-disclosure': 'What was disclosed is nothing that was signed: changed, or of another credential.',
  'reserved-name': 'What was disclosed has a name that belongs to the form itself.',
  'name-already-there': 'What was disclosed is there already.',
  'other-holder': 'It is shown by somebody else than the one it is about.',
};
