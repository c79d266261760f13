/** What an agent is and how others know: keys, signatures, DIDs, credentials. */
export { DOMAINS, framed, type Domain } from './canonical/domains.ts';
export { canonicalBytes, canonicalJson } from './canonical/jcs.ts';
export type { JsonLimits, JsonObject, JsonRefusal, JsonValue, ParsedJson } from './canonical/strict-json.ts';
export { parseJson, parseJsonBytes } from './canonical/strict-json.ts';
export type { AgentRole, BlastRadius, Capability, Dimension, Grant, Names, Use } from './credentials/capabilities.ts';
export {
  AGENT_ROLES,
  CAPABILITIES,
  grantFrom,
  isAllowed,
  MOST_DELEGATIONS,
  wideningOf,
} from './credentials/capabilities.ts';
export type { Credential, Refused, StructureRefusal, Vocabulary } from './credentials/credential.ts';
export { AGENT_CREDENTIALS_V1, CREDENTIALS_V2, readCredential } from './credentials/credential.ts';
export type {
  DelegationDemands,
  DelegationRefusal,
  DelegationVerdict,
  DelegationVerification,
  HeldOfLink,
  Root,
} from './credentials/delegation.ts';
export { delegationDigest, verifyDelegation } from './credentials/delegation.ts';
export type { ConcealedPath, Disclosed, Disclosure, DisclosureRefusal } from './credentials/disclosure.ts';
export { conceal, disclose, disclosureFrom } from './credentials/disclosure.ts';
export type { CredentialTerms, StatusListTerms } from './credentials/issue.ts';
export { issueCredential, unsignedCredential, unsignedStatusList } from './credentials/issue.ts';
export type {
  HeldHolder,
  PresentationRefusal,
  PresentationTerms,
  PresentationVerdict,
  Presented,
  Shown,
} from './credentials/presentation.ts';
export { present, verifyPresentation, verifyPresentedDelegation } from './credentials/presentation.ts';
export type { DocumentSigner, HeldProof, ProofSetRefusal } from './credentials/proof-set.ts';
export type { Statement } from './credentials/statement.ts';
export { STATEMENT_TYPES, statementOf, subjectOf } from './credentials/statement.ts';
export type { StatusEntry, StatusList, StatusListRefusal } from './credentials/status-list.ts';
export {
  decodeStatusList,
  emptyStatusList,
  encodeStatusList,
  statusAt,
  withStatus,
} from './credentials/status-list.ts';
export type { HeldStatus, Published, StatusRefusal } from './credentials/status.ts';
export type {
  CredentialRefusal,
  CredentialVerdict,
  Demands,
  Held,
  Sources,
  Verification,
} from './credentials/verify.ts';
export { verifyCredential } from './credentials/verify.ts';
export type { Did, DidUrl } from './did/did.ts';
export { parseDid, parseDidUrl } from './did/did.ts';
export type { DidDocument, FoundKey, KeyRefusal, VerificationRelationship } from './did/document.ts';
export { isDidDocument, keyFor, keyUrlsFor, VERIFICATION_RELATIONSHIPS } from './did/document.ts';
export { didKey, didKeyUrl, documentOfDidKey } from './did/key.ts';
export type { LocationRefusal, WebLocation } from './did/location.ts';
export { fileUrl, isSafeUrl, webLocation } from './did/location.ts';
export type { CircuitPolicy } from './did/resolver/circuit.ts';
export type {
  DidFiles,
  DidOrigin,
  DidPeers,
  DidStore,
  OriginAnswer,
  ResolverPorts,
  StoredDid,
} from './did/resolver/ports.ts';
export type {
  Attempt,
  DidMetadata,
  FoundDocument,
  Resolution,
  ResolutionRefusal,
  Rung,
} from './did/resolver/resolution.ts';
export { documentMetadata, resolutionError } from './did/resolver/resolution.ts';
export type { ResolverPolicy } from './did/resolver/policy.ts';
export { RESOLVER_POLICY } from './did/resolver/policy.ts';
export type { DidResolver, ResolveOptions } from './did/resolver/resolver.ts';
export { createResolver } from './did/resolver/resolver.ts';
export { methodKeyOf } from './did/verification-method.ts';
export type { DidVersion, LogChecks, LogVerdict, VerifiedLog } from './did/webvh/log.ts';
export { verifyLog } from './did/webvh/log.ts';
export type { Parameters, WitnessRule } from './did/webvh/parameters.ts';
export type { WebvhRefusal } from './did/webvh/refusal.ts';
export type { WebvhDid } from './did/webvh/webvh-did.ts';
export { parseWebvhDid } from './did/webvh/webvh-did.ts';
export { parallelDidWeb, resourceUrl, withImpliedServices } from './did/webvh/services.ts';
export type { Change, ControlKeys, Creation, LogSettings, WrittenLog } from './did/webvh/write.ts';
export { createLog, deactivateLog, updateLog, witnessFile, witnessProof } from './did/webvh/write.ts';
export { equalBytes } from './encoding/equal.ts';
export { fromBase64Url, toBase64Url } from './encoding/multibase.ts';
export type { KeyKind, PublicKey } from './encoding/multikey.ts';
export { fromMultikey, toMultikey } from './encoding/multikey.ts';
export type {
  Audience,
  Envelope,
  EnvelopeHeader,
  EnvelopeRefusal,
  EnvelopeVerdict,
  Expectation,
  ReadRefusal,
} from './envelope/envelope.ts';
export { checkEnvelope, createEnvelope, readEnvelope } from './envelope/envelope.ts';
export type { GuardMemory, GuardVerdict, KeptStream, ReplayGuard } from './envelope/replay-guard.ts';
export { createReplayGuard } from './envelope/replay-guard.ts';
export type { ReplayWindow } from './envelope/replay-window.ts';
export { EMPTY_WINDOW } from './envelope/replay-window.ts';
export type { BoxOpening, BoxRecipient, BoxRefusal, OpenRefusal, SealedBox } from './kem/sealed-box.ts';
export { openBox, readBox, sealBox } from './kem/sealed-box.ts';
export type { KeyOrigin, KeySet, SigningUse, SuiteSigningKey } from './keys/key-set.ts';
export { deriveKeySet, KEY_SEED_BYTES } from './keys/key-set.ts';
export { formatTime, parseTime } from './proof/time.ts';
export type { CryptoProvider, SigningKey } from './provider/provider.ts';
export type {
  KnownKey,
  Signature,
  SignatureRefusal,
  SignatureVerdict,
  Signer,
  Verified,
} from './signatures/signature.ts';
export { knownKey, signIn, verifyIn } from './signatures/signature.ts';
export type { ObjectRefusal, UnverifiedObject } from './signatures/signed-object.ts';
export type { SuiteName, SuitePolicy } from './signatures/suite.ts';
export { COMPOSITE, isSuiteName, meets, minimumFor, raised, ROOT, STRICT_POLICY } from './signatures/suite.ts';
/** Primitives as this runtime has them: node:crypto on Node, noble elsewhere. */
export { provider } from '#provider';
