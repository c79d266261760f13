/**
 * did:webvh: `did.jsonl`, with `did-witness.json` where there are witnesses, and what resolving gives in `resolutionResult.json` (of the newest version) and
 * `resolutionResult.N.json` (of version N). A result with an error says that the log must be refused, and by its name for what: errors that say more than that the
 * DID is wrong are held against our reason. Source: https://github.com/decentralized-identity/didwebvh-test-suite, `vectors/`. The implementations write documents
 * differently, so that the services do not count that a resolver adds.
 */
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonValue } from '../canonical/strict-json.ts';
import { verifyLog, type DidVersion } from '../did/webvh/log.ts';
import type { WebvhRefusal } from '../did/webvh/refusal.ts';
import { equal, NothingExpected, type Case, type Format, type VectorInput } from './case.suite.ts';
import { didsOfScript, refuseDid } from './dids.suite.ts';
import { fieldsOf, listOf, text, type Fields } from './fields.suite.ts';
import type { Subject } from './subject.suite.ts';

const LOG = 'did.jsonl';
const RESULT = /^resolutionResult(?:\.(\d+))?\.json$/;

/** See {@link Format}. */
export const webvh: Format = {
  name: 'did:webvh',
  belongsTo: ({ path, names }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (RESULT.test(name) || name === 'did-witness.json') && names.includes(LOG) ? LOG : undefined;
  },
  fits: (input) => firstOf(input) !== undefined || /(?:^|\/)did\.jsonl$/.test(input.path),
  groups: (input) => {
    const results = input.names.filter((name) => RESULT.test(name)).sort();
    const cases = results.map((name) => caseOf(input, name));
    const alone = { id: LOG, check: (subject: Subject) => checkAlone(subject, input) };
    return [{ name: 'resolution', cases: cases.length > 0 ? cases : [alone] }];
  },
};

/** The first entry of a log. */
function firstOf({ text: log, json }: VectorInput): Fields | undefined {
  const first = json === undefined ? fieldsOf(parsed(log.split('\n')[0] ?? '')) : fieldsOf(json);
  return first !== undefined && ['versionId', 'versionTime', 'parameters', 'state'].every((name) => name in first)
    ? first
    : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function caseOf(input: VectorInput, name: string): Case {
  const version = RESULT.exec(name)?.[1];
  return {
    id: name,
    check: (subject) => {
      const expected = fieldsOf(JSON.parse(input.beside(name) ?? '')) ?? {};
      const error = fieldsOf(expected['didResolutionMetadata'])?.['error'];
      if (error !== undefined && error !== null && !isOwnFailure(input))
        return checkRefused(subject, input, String(error), version);
      if (error !== undefined && error !== null) return void resolved(subject, input, didOf(expected, input));
      checkVersion(expected, resolved(subject, input, didOf(expected, input)), version);
    },
  };
}

/** Scenarios of the suite whose logs must resolve. */
const POSITIVE =
  /(?:^|\/)(?:basic-create|basic-update|deactivate|key-rotation|multi-update|multiple-update-keys|portable|portable-move|pre-rotation|pre-rotation-consume|services|witness-threshold|witness-update)\/[^/]+\/did\.jsonl$/;

/** An error where none is expected: the implementation that recorded it could not read its own log, which says nothing about others. */
function isOwnFailure(input: VectorInput): boolean {
  const script = input.beside('../script.yaml');
  if (script === undefined) return POSITIVE.test(input.path);
  return !/^\s*(?:-\s+)?(?:expectError:|negative:\s*true)/m.test(script);
}

/** A portable DID has several; the one that is resolved stands in the result. */
function didOf(expected: Fields, input: VectorInput): string {
  const id = fieldsOf(expected['didDocument'])?.['id'];
  return typeof id === 'string' ? id : String(fieldsOf(firstOf(input)?.['state'])?.['id']);
}

function verdictOf({ provider }: Subject, input: VectorInput, did: string) {
  const witnessProofs = input.beside('did-witness.json');
  return verifyLog(did, input.text, { at: input.at, witnessProofs }, provider);
}

function resolved(subject: Subject, input: VectorInput, did: string): readonly DidVersion[] {
  const verdict = verdictOf(subject, input, did);
  if (verdict.kind === 'verified') return verdict.log.versions;
  throw new Error(`log: refused, ${verdict.reason} at entry ${String(verdict.entry)}`);
}

function checkVersion(expected: Fields, versions: readonly DidVersion[], number: string | undefined): void {
  const metadata = fieldsOf(expected['didDocumentMetadata']) ?? {};
  // One implementation records the newest version whichever it is asked for; which one it is, the record says itself.
  const version = versions.find(({ versionId }) => versionId === metadata['versionId']);
  if (version === undefined) throw new Error(`${String(metadata['versionId'])}: no version of the log`);
  if (number === undefined) equal('newest version', version.versionId, versions.at(-1)?.versionId);
  for (const [name, value] of Object.entries(fieldsOf(expected['didDocument']) ?? {})) {
    const own = version.document[name] ?? null;
    if (name === 'service') checkServices(own, value);
    else equal(name, canonicalJson(own), canonicalJson(value as JsonValue));
  }
  equal('versionTime', version.versionAt, Date.parse(text(metadata, 'versionTime')));
  if (typeof metadata['versionNumber'] === 'number') equal('versionNumber', version.number, metadata['versionNumber']);
  if (typeof metadata['created'] === 'string')
    equal('created', versions[0]?.versionAt, Date.parse(metadata['created']));
  if (typeof metadata['scid'] === 'string') equal('scid', version.parameters.scid, metadata['scid']);
  if (number === undefined) equal('deactivated', version.parameters.deactivated, metadata['deactivated'] === true);
}

/** Those of the document are all there; others are `#files` and `#whois`. Source: https://identity.foundation/didwebvh/v1.0/#did-url-handling */
function checkServices(own: JsonValue, expected: unknown): void {
  const written = new Set((Array.isArray(own) ? own : []).map((one: JsonValue) => canonicalJson(one)));
  const added = listOf(expected).filter((one) => !written.delete(canonicalJson(one as JsonValue)));
  equal('services that are missing in the result', written.size, 0);
  const strange = added.find((one) => !/#(?:files|whois)$/.test(String(one['id'])));
  equal('service that is not in the log', strange?.['id'], undefined);
}

/** Which of our reasons an error names; the others say no more than that the DID does not resolve. */
const NAMED: Readonly<Record<string, readonly WebvhRefusal[]>> = {
  invalidProof: [
    ...(['missing-proof', 'too-many-proofs', 'wrong-proof-purpose', 'unauthorised-key', 'malformed-proof'] as const),
    ...(['unknown-cryptosuite', 'unsupported-proof-member', 'other-key-kind', 'malformed-key'] as const),
    ...(['proof-from-future', 'expired-proof', 'other-context', 'broken-signature'] as const),
    ...(['missing-witness-proofs', 'malformed-witness-proofs', 'witness-threshold-unmet'] as const),
  ],
  invalidParameters: [
    ...(['unknown-parameter', 'malformed-parameter', 'missing-parameter', 'repeated-scid'] as const),
    ...(['unsupported-version', 'unmet-pre-rotation', 'dropped-pre-rotation', 'portable-again'] as const),
  ],
};

/** The DID alone is at fault where there is no log; the script of the scenario has it. */
function checkRefused(subject: Subject, input: VectorInput, error: string, version?: string): void {
  const asked = didsOfScript(input.beside('../script.yaml') ?? '');
  if (input.text.trim() === '' && asked.length > 0) {
    for (const { did } of asked) refuseDid(did);
    return;
  }
  const verdict = verdictOf(subject, input, didOf({}, input));
  if (verdict.kind === 'verified') {
    if (version === undefined || Number(version) <= verdict.log.versions.length)
      throw new Error(`log: verified, must be refused (${error})`);
    return;
  }
  const reasons = Object.hasOwn(NAMED, error) ? NAMED[error] : undefined;
  if (reasons?.includes(verdict.reason) === false)
    throw new Error(`log: refused for ${verdict.reason} at entry ${String(verdict.entry)}, must be for ${error}`);
}

/** Only its folder may say that a log must be refused. One that holds, and of which nothing is said, is neither passed nor failed. */
function checkAlone(subject: Subject, input: VectorInput): void {
  if (/(?:^|\/)(?:negative|invalid)/.test(input.path)) return checkRefused(subject, input, 'by its folder');
  const did = didOf({}, input);
  const last = resolved(subject, input, did).at(-1);
  throw new NothingExpected(
    `${did} resolves to version ${String(last?.versionId)}, but no resolutionResult.json is there`,
  );
}
