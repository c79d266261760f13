/** What an agent is and how others know: keys, signatures, DIDs, credentials. */
export { DOMAINS, framed, type Domain } from './canonical/domains.ts';
export { canonicalBytes, canonicalJson } from './canonical/jcs.ts';
export type { JsonLimits, JsonObject, JsonRefusal, JsonValue, ParsedJson } from './canonical/strict-json.ts';
export { parseJson, parseJsonBytes } from './canonical/strict-json.ts';
export { equalBytes } from './encoding/equal.ts';
export { fromBase64Url, toBase64Url } from './encoding/multibase.ts';
export type { KeyOrigin, KeySet, SigningUse, SuiteSigningKey } from './keys/key-set.ts';
export { deriveKeySet, KEY_SEED_BYTES } from './keys/key-set.ts';
export type { CryptoProvider, SigningKey } from './provider/provider.ts';
export type { SuiteName } from './signatures/suite.ts';
export { COMPOSITE } from './signatures/suite.ts';
/** Primitives as this runtime has them: node:crypto on Node, noble elsewhere. */
export { provider } from '#provider';
