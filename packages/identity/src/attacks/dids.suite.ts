/** Attacks on logs of did:webvh, on the keys of documents, and on those who follow a DID to a host. */
import { canonicalJson } from '../canonical/jcs.ts';
import { parseJson, type JsonObject } from '../canonical/strict-json.ts';
import { keyFor, type DidDocument } from '../did/document.ts';
import { didKeyUrl } from '../did/key.ts';
import { webLocation } from '../did/location.ts';
import { entryHashOf, type EntryContent } from '../did/webvh/entry.ts';
import { verifyLog, type LogChecks, type VerifiedLog } from '../did/webvh/log.ts';
import { createLog, deactivateLog, updateLog, witnessFile, witnessProof, type Creation } from '../did/webvh/write.ts';
import { toBase58 } from '../encoding/multibase.ts';
import { toMultikey } from '../encoding/multikey.ts';
import { createProof } from '../proof/data-integrity.ts';
import { formatTime } from '../proof/time.ts';
import type { CryptoProvider, SigningKey } from '../provider/provider.ts';
import { decided, type Attack, type Scene, type SceneOf } from './attack.suite.ts';

const AT = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
/** "Now". */
const NOW = AT + 24 * HOUR;

/** Writes logs, and forges entries of them as one would who has some of the keys. */
export class Chronicle {
  readonly provider: CryptoProvider;

  constructor(provider: CryptoProvider) {
    this.provider = provider;
  }

  key(n: number): SigningKey {
    return this.provider.ed25519.signingKey(new Uint8Array(32).fill(n));
  }

  keys(n: number) {
    return { signing: this.key(n), next: [this.key(n + 1).publicKey] };
  }

  multikey(n: number): string {
    return toMultikey({ kind: 'Ed25519', bytes: this.key(n).publicKey });
  }

  created(more: Partial<Creation> = {}): VerifiedLog {
    const made = createLog({ segments: 'agents.example', keys: this.keys(1), at: AT, ...more }, this.provider);
    return { text: made.text, versions: made.versions, concessions: [] };
  }

  /** Of so many entries, an hour from each other. */
  log(entries: number, more: Partial<Creation> = {}): VerifiedLog {
    let log = this.created(more);
    for (let n = 2; n <= entries; n++) {
      const document = { ...log.versions[0]?.document, n } as unknown as DidDocument;
      const made = updateLog(log, { keys: this.keys(n), at: AT + (n - 1) * HOUR, document }, this.provider);
      log = { text: made.text, versions: made.versions, concessions: [] };
    }
    return log;
  }

  /** Given up after its first entry. */
  ended(): VerifiedLog {
    const made = deactivateLog(this.created(), { signing: this.key(2), at: AT + HOUR }, this.provider);
    return { text: made.text, versions: made.versions, concessions: [] };
  }

  decide(log: { readonly text: string }, checks: Partial<LogChecks> = {}, did = didOf(this.log(1))): string {
    return decided(verifyLog(did, log.text, { at: NOW, ...checks }, this.provider));
  }

  /** With another last entry, chained and signed by a key. */
  forged(log: VerifiedLog, signing: SigningKey, change: (content: EntryContent) => JsonObject, more: JsonObject = {}) {
    const lines = log.text.trim().split('\n');
    const last = linesOf(log).at(-1) as JsonObject;
    const before = linesOf(log).at(-2);
    const content = without({ ...last, ...change(last as EntryContent) }, 'proof') as EntryContent;
    const previous = before === undefined ? String((last.parameters as JsonObject).scid) : String(before.versionId);
    const versionId = `${String(lines.length)}-${entryHashOf(content, previous, this.provider)}`;
    const entry = change(last as EntryContent).versionId === undefined ? { ...content, versionId } : content;
    const line = canonicalJson({ ...entry, proof: [this.proofOf(entry, signing)], ...more });
    return { text: [...lines.slice(0, -1), line, ''].join('\n') };
  }

  proofOf(entry: JsonObject, signing: SigningKey, more: JsonObject = {}): JsonObject {
    const verificationMethod = didKeyUrl({ kind: 'Ed25519', bytes: signing.publicKey });
    const options = { verificationMethod, proofPurpose: 'assertionMethod', created: formatTime(AT), ...more };
    return createProof(entry, 'eddsa-jcs-2022', options, signing, this.provider);
  }
}

function didOf({ versions }: VerifiedLog): string {
  return versions[0]?.document.id ?? '';
}

/** Entries as JSON. */
export function linesOf({ text }: { readonly text: string }): readonly JsonObject[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const parsed = parseJson(line);
      if (parsed.kind === 'refused') throw new Error(parsed.reason);
      return parsed.value as JsonObject;
    });
}

function without(members: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}

const parametersWith = (more: JsonObject) => (content: EntryContent) => ({
  parameters: { ...content.parameters, ...more },
});

/** Logs. */
export const logs: SceneOf = (provider) => {
  const chronicle = new Chronicle(provider);
  const [one, three] = [chronicle.log(1), chronicle.log(3)];
  const decide = chronicle.decide.bind(chronicle);
  const forged = chronicle.forged.bind(chronicle);
  const key = chronicle.key.bind(chronicle);
  const lines = three.text.trim().split('\n');
  const [first = '', second = '', third = ''] = lines;
  const fork = updateLog(
    one,
    {
      keys: chronicle.keys(2),
      at: AT + HOUR,
      document: { ...one.versions[0]?.document, n: 9 } as unknown as DidDocument,
    },
    provider,
  );
  const ended = chronicle.ended();
  const again = canonicalJson(linesOf(three)[1] ?? null);
  const other = createLog({ segments: 'agents.example', keys: chronicle.keys(40), at: AT }, provider);
  return {
    what: 'a log of did:webvh',
    honest: () => decide(three),
    attacks: [
      ['another history is told than the one that is known', 'forked-log', () => decide(fork, { known: three })],
      [
        'another history is told that nobody signed',
        'unauthorised-key',
        () =>
          decide(
            forged(three, key(66), () => ({ versionTime: formatTime(AT + 5 * HOUR) })),
            { known: three },
          ),
      ],
      ['its end is kept back', 'truncated-log', () => decide({ text: `${first}\n` }, { known: three })],
      ['an entry is left out', 'wrong-version-number', () => decide({ text: `${first}\n${third}\n` })],
      ['entries are exchanged', 'wrong-version-number', () => decide({ text: `${first}\n${third}\n${second}\n` })],
      ['an entry stands twice', 'wrong-version-number', () => decide({ text: `${first}\n${second}\n${second}\n` })],
      [
        'it is more in memory than in length',
        'too-long',
        () => decide({ text: `${first}\n${`[${'{},'.repeat(85_000)}0]\n`.repeat(2)}` }),
      ],
      ['its beginning is left out', 'missing-parameter', () => decide({ text: `${second}\n` })],
      ['a document in it is changed', 'wrong-entry-hash', () => decide({ text: three.text.replace('"n":2', '"n":7') })],
      [
        'the first entry is changed and hashed again',
        'wrong-scid',
        () => decide(forged(one, key(1), parametersWith({ ttl: 5 }))),
      ],
      ['it is the log of another DID', 'other-scid', () => decide(other)],
      [
        'an update key is used that was not committed to',
        'unmet-pre-rotation',
        () => decide(forged(three, key(9), parametersWith({ updateKeys: [chronicle.multikey(9)] }))),
      ],
      [
        'pre-rotation is dropped',
        'dropped-pre-rotation',
        () => decide(forged(three, key(3), ({ parameters }) => ({ parameters: without(parameters, 'nextKeyHashes') }))),
      ],
      ['an old control key signs', 'unauthorised-key', () => decide(forged(three, key(1), () => ({})))],
      ['somebody else signs', 'unauthorised-key', () => decide(forged(three, key(66), () => ({})))],
      ['it goes on after its end', 'change-after-deactivation', () => decide({ text: `${ended.text}${again}\n` })],
      [
        'an entry is dated before the last one',
        'time-not-later',
        () => decide(forged(three, key(3), () => ({ versionTime: formatTime(AT) }))),
      ],
      ['an entry is dated ahead', 'time-in-future', () => decide(three, { at: AT + HOUR })],
      [
        'the SCID is given again',
        'repeated-scid',
        () => decide(forged(three, key(3), parametersWith({ scid: one.versions[0]?.parameters.scid ?? '' }))),
      ],
      [
        'the method’s version is lowered',
        'unsupported-version',
        () => decide(forged(three, key(3), parametersWith({ method: 'did:webvh:0.5' }))),
      ],
      [
        'a parameter is critical and not known',
        'unknown-parameter',
        () => decide(forged(three, key(3), parametersWith({ prerotation: false }))),
      ],
      [
        'it is made portable later',
        'portable-again',
        () => decide(forged(three, key(3), parametersWith({ portable: true }))),
      ],
      [
        'it is moved to another host',
        'not-portable',
        () =>
          decide(
            forged(three, key(3), ({ state }) => ({ state: { ...state, id: state.id.replace('agents', 'mallory') } })),
          ),
      ],
      [
        'a proof is of another suite',
        'unknown-cryptosuite',
        () => decide({ text: three.text.replaceAll('eddsa-jcs-2022', 'eddsa-rdfc-2022') }),
      ],
      [
        'a proof is for another purpose',
        'wrong-proof-purpose',
        () =>
          decide(
            forged(three, key(3), () => ({}), {
              proof: [chronicle.proofOf({}, key(3), { proofPurpose: 'authentication' })],
            }),
          ),
      ],
      [
        'a proof is that of another entry',
        'broken-signature',
        () => decide(forged(three, key(3), () => ({}), { proof: [chronicle.proofOf({ a: 1 }, key(3))] })),
      ],
      ['a proof is left out', 'missing-proof', () => decide(forged(three, key(3), () => ({}), { proof: [] }))],
      [
        'an entry has a member that nobody knows',
        'malformed-entry',
        () => decide(forged(three, key(3), () => ({}), { crit: true })),
      ],
      ['a name stands twice', 'duplicate-name', () => decide({ text: three.text.replace('"n":3', '"n":3,"n":4') })],
      [
        'its hash is of another function',
        'malformed-version-id',
        () =>
          decide(
            forged(three, key(3), () => ({
              versionId: `3-${toBase58(Uint8Array.from([0x13, 0x40, ...new Uint8Array(64)]))}`,
            })),
          ),
      ],
      ['it has entries without end', 'too-many-entries', () => decide({ text: `${first}\n`.repeat(2000) })],
    ] satisfies readonly Attack[],
  };
};

/** Logs with witnesses. */
export const witnessedLogs: SceneOf = (provider) => {
  const chronicle = new Chronicle(provider);
  const witness = { threshold: 2, witnesses: [11, 12, 13].map((n) => chronicle.multikey(n)) };
  const log = chronicle.created({ witness });
  const versionId = log.versions[0]?.versionId ?? '';
  const by = (...ns: readonly number[]) =>
    witnessFile(new Map([[versionId, ns.map((n) => witnessProof(versionId, chronicle.key(n), AT, provider))]]));
  const decide = (witnessProofs?: string) => chronicle.decide(log, { witnessProofs }, didOf(log));
  const elsewhere = witnessFile(
    new Map([[versionId, [11, 12].map((n) => witnessProof('1-other', chronicle.key(n), AT, provider))]]),
  );
  return {
    what: 'a log with witnesses',
    honest: () => decide(by(11, 13)),
    attacks: [
      ['their proofs are kept back', 'missing-witness-proofs', () => decide()],
      ['one witness counts twice', 'witness-threshold-unmet', () => decide(by(11, 11))],
      ['a stranger is a witness', 'witness-threshold-unmet', () => decide(by(11, 14))],
      ['they witnessed another version', 'witness-threshold-unmet', () => decide(elsewhere)],
      [
        'the log breaks behind what they did not witness',
        'missing-witness-proofs',
        () => chronicle.decide({ text: `${log.text}x\n` }, {}, didOf(log)),
      ],
      [
        'their proofs are no JSON that means one thing',
        'malformed-witness-proofs',
        () => decide(by(11, 13).replace('"versionId"', '"versionId":"1-other","versionId"')),
      ],
    ] satisfies readonly Attack[],
  };
};

/** Keys of a document. */
export const documentKeys: SceneOf = (provider) => {
  const did = 'did:web:agent.example';
  const text = toMultikey({
    kind: 'Ed25519',
    bytes: provider.ed25519.signingKey(new Uint8Array(32).fill(1)).publicKey,
  });
  const method: JsonObject = { id: `${did}#a`, type: 'Multikey', controller: did, publicKeyMultibase: text };
  const decide = (change: JsonObject = {}, more: JsonObject = {}, url = `${did}#a`) => {
    const document = {
      id: did,
      verificationMethod: [{ ...method, ...change }],
      assertionMethod: [`${did}#a`],
      ...more,
    };
    return decided(keyFor(document, url, 'assertionMethod', NOW));
  };
  const raw = provider.ed25519.signingKey(new Uint8Array(32).fill(1)).publicKey;
  const long = `z${toBase58(Uint8Array.from([0xed, 0x01, ...raw, 0]))}`;
  return {
    what: 'a key of a document',
    honest: () => decide(),
    attacks: [
      ['it has been revoked', 'revoked-key', () => decide({ revoked: formatTime(NOW - 1000) })],
      ['it has been revoked at a time that cannot be read', 'revoked-key', () => decide({ revoked: 'soon' })],
      ['it has expired', 'expired-key', () => decide({ expires: formatTime(NOW) })],
      [
        'it is for another use',
        'other-relationship',
        () => decide({}, { assertionMethod: [], authentication: [`${did}#a`] }),
      ],
      ['it is of another document', 'other-document', () => decide({}, {}, 'did:web:mallory.example#a')],
      ['it is not there', 'unknown-method', () => decide({}, {}, `${did}#b`)],
      ['two keys have its name', 'ambiguous-method', () => decide({}, { verificationMethod: [method, { ...method }] })],
      ['somebody else controls it', 'malformed-method', () => decide({ controller: 'did:web:mallory.example' })],
      ['its secret is published with it', 'malformed-method', () => decide({ secretKeyMultibase: text })],
      ['it is over-long', 'malformed-method', () => decide({ publicKeyMultibase: long })],
      ['its type says another kind of key', 'malformed-method', () => decide({ type: 'X25519KeyAgreementKey2020' })],
      ['its type is not known', 'unsupported-method', () => decide({ type: 'NoneKey' })],
      ['its URL has a path', 'malformed-key-url', () => decide({}, {}, `${did}/x#a`)],
      ['it is named by its fragment alone', 'malformed-key-url', () => decide({}, {}, '#a')],
    ] satisfies readonly Attack[],
  };
};

/** Hosts that a DID leads to. */
export const hosts = (): Scene => {
  const decide = (segments: string) => {
    const location = webLocation(segments);
    return typeof location === 'string' ? location : 'resolved';
  };
  return {
    what: 'the host of a DID',
    honest: () => decide('agents.example%3A8443:a:b'),
    attacks: [
      ['it is an address', 'ip-host', () => decide('169.254.169.254')],
      ['it is an address in another notation', 'ip-host', () => decide('0x7f000001')],
      ['it is an address in an old notation', 'ip-host', () => decide('127.1')],
      ['it is this machine', 'local-host', () => decide('localhost')],
      ['it is of a private network', 'local-host', () => decide('metadata.google.internal')],
      ['a part of it is percent-encoded', 'percent-encoded-host', () => decide('agents%2Eexample')],
      ['a user stands before it', 'malformed-host', () => decide('agents.example@mallory.example')],
      ['a fragment leaks into it', 'percent-encoded-host', () => decide('mallory.example%23.agents.example')],
      ['its port is none', 'malformed-port', () => decide('agents.example%3A65536')],
      ['its path climbs', 'malformed-path', () => decide('agents.example:..:x')],
      ['its path climbs in percent-encoding', 'malformed-path', () => decide('agents.example:%2e%2e:x')],
      ['its path has an encoded slash', 'malformed-path', () => decide('agents.example:a%2F..%2Fb')],
    ] satisfies readonly Attack[],
  };
};
