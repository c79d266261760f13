import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verificationSchema, type VerificationReport } from '@aia/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aia, type Run } from './run-aia.suite.ts';

/** Two organisations: one issues and hands on, the other one was handed files and asks nobody. */
let folder: string;
const dids = { cluster: '', operator: '', sub: '' };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-credentials-'));
  dids.cluster = await created('issuers', 'cluster', '--place', 'clusters.example/prod', '--out', file('cluster'));
  dids.operator = await created('issuers', 'operator', '--place', 'ops.example/operator', '--out', file('operator'));
  dids.sub = await created('others', 'sub', '--ephemeral');
  await done('issuers', [
    ...['issue', 'cluster', '--subject', 'operator', '--capability', 'execute,propose', '--clusters', 'cluster'],
    ...['--namespaces', 'shop,web', '--kinds', 'Deployment.apps', '--pods-per-phase', '10', '--delegations', '1'],
    ...['--out', file('grant.json')],
  ]);
  await done('issuers', [
    ...['issue', 'operator', '--from', file('grant.json'), '--subject', dids.sub, '--capability', 'execute'],
    ...['--namespaces', 'shop', '--valid-for', '1h', '--out', file('handed.json')],
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);
type Json = Record<string, unknown>;
const read = <T = Json>(name: string) => JSON.parse(readFileSync(file(name), 'utf8')) as T;
function written(name: string, value: unknown): string {
  writeFileSync(file(name), typeof value === 'string' ? value : JSON.stringify(value));
  return file(name);
}

function identity(home: string, args: readonly string[], input?: string): Promise<Run> {
  const env = { AIA_HOME: file(home), AIA_PASSPHRASE: 'correct horse battery', AIA_PASSPHRASE_FILE: undefined };
  return aia(['identity', ...args], { env, ...(input !== undefined && { input }) });
}
async function done(home: string, args: readonly string[]): Promise<string> {
  const run = await identity(home, args);
  expect([run.code, run.stderr]).toEqual([0, '']);
  return run.stdout;
}
async function created(home: string, ...args: readonly string[]): Promise<string> {
  return (JSON.parse(await done(home, ['create', ...args, '--format', 'json'])) as { readonly did: string }).did;
}
/** On the home that asks nobody. */
function verify(path: string, ...args: readonly string[]): Promise<Run> {
  const published = ['--published', `${file('cluster')},${file('operator')}`];
  return identity('others', ['verify', path, '--issuer', dids.cluster, '--offline', ...published, ...args]);
}
async function report(path: string, ...args: readonly string[]): Promise<VerificationReport> {
  const { stdout } = await verify(path, ...args, '--format', 'json');
  const found = JSON.parse(stdout) as VerificationReport;
  // Whatever the schema does not know is taken away by it.
  expect(verificationSchema.parse(found)).toEqual(found);
  return found;
}
/** Signed by the operator for the sub-agent, with one thing said otherwise. */
const handing = (...args: readonly string[]) =>
  identity('issuers', ['issue', 'operator', '--from', file('grant.json'), '--subject', dids.sub, ...args]);
/** As the issuer would have to sign it for the verifier to take it. */
const presented = (...args: readonly string[]) => done('others', ['present', 'sub', ...args, '--domain', 'd.example']);

describe('grants', () => {
  it('are handed on narrower, and verified elsewhere from files alone', async () => {
    expect(await report(file('handed.json'))).toMatchObject({
      kind: 'verified',
      what: 'delegation',
      holder: dids.sub,
      credentials: [
        {
          issuer: dids.cluster,
          subject: dids.operator,
          grants: [{ capability: 'execute' }, { capability: 'propose' }],
        },
        {
          issuer: dids.operator,
          grants: [
            {
              ...{ capability: 'execute', clusters: [dids.cluster], namespaces: ['shop'], kinds: ['Deployment.apps'] },
              ...{ blastRadius: { podsPerPhase: 10 }, delegations: 0 },
            },
          ],
        },
      ],
      documents: [{ did: dids.cluster }, { did: dids.operator }],
      statusLists: [{ from: 'handed-over' }, { from: 'handed-over' }],
      notChecked: [expect.stringContaining('present'), expect.stringContaining('revoked since'), expect.anything()],
    });
    const { stdout } = await verify(file('handed.json'));
    expect(stdout).toContain('grants, handed on once\n');
    expect(stdout).toContain(
      `  May        execute: namespaces shop; kinds Deployment.apps; clusters ${dids.cluster}; at most 10 pods a phase; not`,
    );
  });

  it.each([
    [['--capability', 'vote'], 'vote is not among what is held: execute, propose'],
    [['--capability', 'execute', '--namespaces', 'shop,kube-system'], 'further than what is held: namespaces'],
    [['--capability', 'execute', '--namespaces', '*'], 'further than what is held: namespaces'],
    [['--capability', 'execute', '--clusters', '*'], 'further than what is held: clusters'],
    [['--capability', 'execute', '--kinds', 'Pod'], 'further than what is held: kinds'],
    [['--capability', 'execute', '--pods-per-phase', '11'], 'further than what is held: blastRadius'],
    [['--capability', 'execute', '--delegations', '1'], 'may not be handed on as often'],
    [['--capability', 'execute', '--valid-for', '31d'], 'must not last longer'],
    [['--capability', 'king'], '"king" is no capability'],
    [['--role', 'mlops-specialist'], 'only grants are handed on'],
    [[], 'say what the credential states'],
  ])('are not handed on with %j', async (args, words) => {
    const { code, stdout, stderr } = await handing(...args);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(words)]);
  });

  it('are handed on by whom they are about alone, and only as far as they say', async () => {
    const other = await identity('issuers', [
      'issue',
      'cluster',
      '--from',
      file('grant.json'),
      '--subject',
      dids.sub,
      '--capability',
      'execute',
    ]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining(`about ${dids.operator}`)]);
    const further = await identity('others', [
      'issue',
      'sub',
      '--from',
      file('handed.json'),
      '--subject',
      'did:web:x.example',
      '--capability',
      'execute',
    ]);
    expect([further.code, further.stderr]).toEqual([2, expect.stringContaining('may not be handed on')]);
    const back = await handing('--capability', 'execute', '--subject', dids.cluster);
    expect([back.code, back.stderr]).toEqual([2, expect.stringContaining('had it before')]);
  });

  it('are refused where the chain is not whole, or not as it was signed', async () => {
    const [root, child] = read<[Json, Json]>('handed.json');
    expect(await report(written('child.json', child), '--issuer', dids.operator)).toMatchObject({
      reason: 'other-parent',
    });
    expect(await report(written('reversed.json', [child, root]))).toMatchObject({ reason: 'untrusted-issuer' });
    const grants = { ...(child['credentialSubject'] as Json), grants: (root['credentialSubject'] as Json)['grants'] };
    expect(await report(written('widened.json', [root, { ...child, credentialSubject: grants }]))).toMatchObject({
      reason: 'broken-signature',
      where: 'link/1/proof/0',
      claimed: [{ issuer: dids.cluster }, { issuer: dids.operator, subject: dids.sub }],
    });
    const [classical] = root['proof'] as readonly Json[];
    expect(await report(written('stripped.json', { ...root, proof: classical }))).toMatchObject({
      kind: 'refused',
      reason: 'missing-post-quantum-proof',
    });
  });

  it('are held against the most that issuers may grant', async () => {
    const limit = {
      capability: 'execute',
      clusters: '*',
      namespaces: ['shop'],
      kinds: '*',
      blastRadius: {},
      delegations: 1,
    };
    const most = (limits: readonly object[]) => report(file('handed.json'), '--at-most', written('most.json', limits));
    const propose = { ...limit, capability: 'propose', namespaces: '*' };
    expect(await most([limit, propose])).toMatchObject({
      reason: 'widened-grant',
      where: 'link/0/credentialSubject/grants/0/namespaces',
    });
    expect(await most([{ ...limit, namespaces: '*' }, propose])).toMatchObject({ kind: 'verified' });
    expect(await most([{ ...limit, namespaces: '*', delegations: 0 }, propose])).toMatchObject({
      reason: 'widened-grant',
    });
    const bad = await verify(file('handed.json'), '--at-most', written('most.json', [{ ...limit, kinds: [] }]));
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining('number 1 is no grant: kinds has to be')]);
  });
});

describe('presentations', () => {
  it('hold for one challenge of one verifier', async () => {
    const shown = written('shown.json', await presented(file('handed.json'), '--challenge', 'c-1'));
    const asked = (challenge: string, domain: string) => report(shown, '--challenge', challenge, '--domain', domain);
    expect(await asked('c-1', 'd.example')).toMatchObject({
      ...{ kind: 'verified', what: 'presentation', holder: dids.sub },
      verified: expect.arrayContaining([
        expect.objectContaining({ what: 'holder', challenge: 'c-1', domain: 'd.example' }),
      ]),
    });
    expect(await asked('c-2', 'd.example')).toMatchObject({ reason: 'other-challenge' });
    expect(await asked('c-1', 'e.example')).toMatchObject({ reason: 'other-domain' });
    const unasked = await verify(shown);
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--challenge')]);
  });

  it('are signed by agents with a log in both suites', async () => {
    const args = ['present', 'operator', file('grant.json'), '--challenge', 'c', '--domain', 'd'];
    const shown = JSON.parse(await done('issuers', args)) as { readonly proof: readonly Json[] };
    const asked = ['--challenge', 'c', '--domain', 'd'];
    expect(await report(written('by-operator.json', shown), ...asked)).toMatchObject({ kind: 'verified' });
    expect(await report(written('by-operator.json', { ...shown, proof: shown.proof[0] }), ...asked)).toMatchObject({
      reason: 'missing-post-quantum-proof',
      where: 'proof',
    });
  });

  it('disclose what their holder wants to tell', async () => {
    const facts = written('facts.json', { nodes: 3, cost: { usd: 12, eur: 11 } });
    const claims = ['--claims', facts, '--conceal', '/nodes,/cost,/cost/usd'];
    const held = written(
      'facts.vc.json',
      await done('issuers', ['issue', 'cluster', '--subject', dids.sub, ...claims]),
    );
    expect(read('facts.vc.json')).toMatchObject({
      disclosures: { '/nodes': expect.any(String), '/cost/usd': expect.any(String) },
    });
    const told = async (...disclose: readonly string[]) => {
      const shown = written('told.json', await presented(held, '--challenge', 'c', ...disclose));
      const { credentials, notChecked } = await report(shown, '--challenge', 'c', '--domain', 'd.example');
      expect(notChecked).toContainEqual(expect.stringContaining('concealed'));
      return [credentials[0]?.claims, credentials[0]?.disclosed];
    };
    expect(await told()).toEqual([{}, []]);
    expect(await told('--disclose', '/nodes')).toEqual([{ nodes: 3 }, ['/nodes']]);
    expect(await told('--disclose', '/cost/usd')).toEqual([{ cost: { eur: 11, usd: 12 } }, ['/cost', '/cost/usd']]);
    expect(await told('--disclose', '*')).toEqual([{ cost: { eur: 11, usd: 12 }, nodes: 3 }, expect.anything()]);
    expect((await report(held)).credentials[0]?.claims).toEqual({ cost: { eur: 11, usd: 12 }, nodes: 3 });
  });

  it.each([
    [['operator', 'handed.json'], 'cannot show what is about did:key:'],
    [['operator', 'grant.json', 'grant.json'], 'grants are shown alone'],
    [['operator', 'grant.json', '--disclose', '/x'], 'nothing concealed lies at /x'],
    [['operator', 'cluster/did.json'], 'is no credential'],
  ])('are not made of %j', async ([name, ...files], words) => {
    const args = files.map((one) => (one.endsWith('.json') ? file(one) : one));
    const run = await identity('issuers', ['present', name ?? '', ...args, '--challenge', 'c', '--domain', 'd']);
    expect([run.code, run.stdout, run.stderr]).toEqual([2, '', expect.stringContaining(words)]);
  });
});

describe('revoking', () => {
  it('takes back by id or by subject, and says until when verifiers do not know', async () => {
    const role = ['issue', 'operator', '--subject', 'did:web:x.example', '--role', 'mlops-specialist'];
    const issue = async () => JSON.parse(await done('issuers', role)) as { readonly id: string };
    const [first, second, third] = [await issue(), await issue(), await issue()];
    const quiet = await identity('issuers', ['revoke', 'operator', '--credential', first.id]);
    expect([quiet.code, quiet.stderr]).toEqual([0, expect.stringContaining('do not know yet of 1')]);
    expect((await identity('issuers', role)).stderr).toContain('do not know yet of 1');
    expect((await identity('issuers', ['show', 'operator'])).stderr).toContain('do not know yet of 1');
    const of = (one: object) => report(written('one.json', one), '--issuer', dids.operator);
    expect(await of(first)).toMatchObject({ kind: 'verified' });
    await done('issuers', ['revoke', 'operator', '--out', file('operator')]);
    expect([await of(first), await of(second)]).toMatchObject([{ reason: 'revoked' }, { kind: 'verified' }]);
    const all = ['revoke', 'operator', '--subject', 'did:web:x.example', '--out', file('operator')];
    expect(await done('issuers', all)).toMatch(/^revoked 3 credentials of operator\n/);
    expect([await of(second), await of(third)]).toMatchObject([{ reason: 'revoked' }, { reason: 'revoked' }]);
    expect(await done('issuers', all)).toMatch(/^found nothing left to revoke of operator\n/);
    expect(await report(file('handed.json'))).toMatchObject({ kind: 'verified' });
  });

  it.each([
    ['issuers', ['cluster'], 2, 'say what to revoke'],
    ['issuers', ['cluster', '--subject', 'did:web:nobody.example'], 3, 'issued no credential about'],
    ['issuers', ['operator', '--credential', 'grant.json'], 3, 'issued no credential urn:uuid:'],
    ['issuers', ['cluster', '--credential', 'cluster/did.json'], 2, 'is no credential'],
    ['others', ['sub', '--subject', 'did:web:nobody.example'], 3, 'only run out'],
  ])('in %s of %j ends with %i', async (home, args, code, words) => {
    const named = args.map((one) => (one.endsWith('.json') ? file(one) : one));
    const run = await identity(home, ['revoke', ...named]);
    expect([run.code, run.stdout, run.stderr]).toEqual([code, '', expect.stringContaining(words)]);
  });
});

describe('verifying', () => {
  it('asks whether it held at a time, or will', async () => {
    const soon = new Date(Date.now() + 1_800_000).toISOString();
    expect(await report(file('handed.json'), '--at', soon)).toMatchObject({ kind: 'verified', at: Date.parse(soon) });
    const later = new Date(Date.now() + 7_200_000).toISOString();
    expect(await report(file('handed.json'), '--at', later)).toMatchObject({
      reason: 'expired',
      where: 'link/1/validUntil',
    });
    const before = new Date(Date.now() - 86_400_000).toISOString();
    expect(await report(file('handed.json'), '--at', before)).toMatchObject({ reason: 'not-yet-valid' });
    expect((await verify(file('handed.json'), '--at', 'yesterday')).code).toBe(2);
    expect((await verify(file('handed.json'), '--at', soon, '--for-write')).code).toBe(2);
  });

  it('takes no document for a write that no origin confirmed', async () => {
    expect(await report(file('handed.json'), '--for-write')).toMatchObject({
      reason: 'unresolved-signer',
      documents: [{ outcome: 'stale' }],
    });
  });

  it('tells a status list by itself', async () => {
    expect(await report(file('cluster/status.json'))).toMatchObject({
      what: 'status-list',
      credentials: [{ kind: 'status-list', entries: 131_072, revoked: 0 }],
    });
  });

  it('reads several files, and standard input', async () => {
    const args = ['verify', file('grant.json'), '-', '--issuer', dids.cluster, '--offline'];
    const published = ['--published', file('cluster'), '--format', 'json'];
    const { code, stdout } = await identity('others', [...args, ...published], '{"type":"none"}');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, [{ kind: 'verified' }, { kind: 'refused', file: '-' }]]);
  });

  it('does not take over a log that does not prove itself', async () => {
    mkdirSync(file('forged'));
    written(
      'forged/did.jsonl',
      readFileSync(file('cluster/did.jsonl'), 'utf8').replaceAll('clusters.example', 'clusters.evil'),
    );
    const { code, stdout } = await verify(file('grant.json'), '--published', file('forged'));
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^refused \S*forged\/did\.jsonl: wrong-scid/)]);
    const none = await verify(file('grant.json'), '--published', folder);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('neither did.jsonl nor status.json')]);
  });

  it.each([
    ['empty', '', 1, 'malformed-json at character 0: empty'],
    ['text', 'hello', 1, 'malformed-json at character 0'],
    ['twice', '{"type":"VerifiableCredential","type":"x"}', 1, 'duplicate-name'],
    ['object', '{"a":1}', 1, 'unknown-type'],
    ['list', '[1]', 1, 'unknown-type'],
    ['null', 'null', 1, 'unknown-type'],
    ['deep', '['.repeat(100_000), 1, 'too-deep'],
  ])('refuses %s', async (name, text, code, words) => {
    const run = await verify(written(name, text));
    expect([run.code, run.stdout, run.stderr]).toEqual([code, expect.stringContaining(words), '']);
  });

  it.each([
    ['/dev/zero', 'more than 4194304 bytes'],
    [tmpdir(), 'it is a folder'],
    ['/nonexistent', 'there is none'],
  ])('does not read %s', async (path, words) => {
    const run = await verify(path);
    expect([run.code, run.stdout, run.stderr]).toEqual([3, '', expect.stringContaining(words)]);
  });
});
