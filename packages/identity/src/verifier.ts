/**
 * What a page needs that verifies and holds no keys: signatures, DIDs, credentials. A door of its own, so that what it weighs stays known
 * (`scripts/browser-bundle.test.ts`).
 */
export { parseJson, parseJsonBytes } from './canonical/strict-json.ts';
export { documentOfDidKey } from './did/key.ts';
export { isDidDocument, keyFor } from './did/document.ts';
export { verifyLog } from './did/webvh/log.ts';
export { disclose } from './credentials/disclosure.ts';
export { verifyCredential } from './credentials/verify.ts';
export { integrityHash, whyNotProven } from './proof/data-integrity.ts';
export { knownKey, verifyIn } from './signatures/signature.ts';
export { schemeOf } from './signatures/suite.ts';
export { checkEnvelope, readEnvelope } from './envelope/envelope.ts';
export { verifyPresentation } from './credentials/presentation.ts';
export { verifyDelegation } from './credentials/delegation.ts';
