/**
 * did:webvh: `did.jsonl`, with `did-witness.json` where there are witnesses, and what resolving gives in `resolutionResult.json` (of the newest version) and
 * `resolutionResult.N.json` (of version N). A result with an error says that the log must be refused. Source:
 * https://github.com/decentralized-identity/didwebvh-test-suite, `vectors/`. The implementations write errors and documents differently, so that for refused logs
 * only the refusal counts, and for documents the services do not that a resolver adds.
 */
import { canonicalJson } from '../canonical/jcs.ts';
import type { JsonValue } from '../canonical/strict-json.ts';
import { verifyLog, type DidVersion } from '../did/webvh/log.ts';
import { parseWebvhDid } from '../did/webvh/webvh-did.ts';
import { equal, type Case, type Format, type VectorInput } from './case.suite.ts';
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
  fits: (input) => firstOf(input) !== undefined || (input.path.endsWith(LOG) && input.text.trim() === ''),
  groups: (input) => {
    const results = input.names.filter((name) => RESULT.test(name)).sort();
    const cases = results.map((name) => caseOf(input, name));
    // Nothing says what to expect: folders of logs that must be refused are named so.
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

/** An error in a scenario whose script expects none: the implementation that recorded it could not read its own log, which says nothing about others. */
function isOwnFailure(input: VectorInput): boolean {
  const script = input.beside('../script.yaml');
  return script !== undefined && !/^\s*(?:-\s+)?(?:expectError:|negative:\s*true)/m.test(script);
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

/** The DID alone is at fault where there is no log; the script of the scenario has it. */
function checkRefused(subject: Subject, input: VectorInput, error: string, version?: string): void {
  const asked = /^\s*(?:-\s+)?did:\s*["']?([^"'\s]+)/m.exec(input.beside('../script.yaml') ?? '')?.[1];
  if (input.text.trim() === '' && asked !== undefined) {
    if (typeof parseWebvhDid(asked) !== 'string') throw new Error(`${asked}: taken, must be refused (${error})`);
    return;
  }
  const verdict = verdictOf(subject, input, didOf({}, input));
  const isThere =
    version === undefined || (verdict.kind === 'verified' && Number(version) <= verdict.log.versions.length);
  if (verdict.kind === 'verified' && isThere) throw new Error(`log: verified, must be refused (${error})`);
}

function checkAlone(subject: Subject, input: VectorInput): void {
  if (/(?:^|\/)(?:negative|invalid)/.test(input.path)) checkRefused(subject, input, 'by its folder');
  else resolved(subject, input, didOf({}, input));
}
