import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUTHORITY, GOOD } from '../probes/certificates.suite.ts';
import { LoopbackServers } from '../probes/loopback-servers.suite.ts';
import { candidatesFor } from './complete.ts';
import { commandLine } from './main.ts';
import { aia, type Run } from './run-aia.suite.ts';

const PASSPHRASE = 'correct horse battery';

const servers = new LoopbackServers();
let folder: string;
let home: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aia-identity-'));
  home = join(folder, 'home');
  for (const args of [
    ['create', 'cluster', '--place', 'clusters.example/prod', '--out', inFolder('cluster')],
    ['create', 'orchestrator', '--place', 'agents.example:8443/orchestrator'],
    ['create', 'probe', '--ephemeral'],
  ])
    expect(await identity(args)).toMatchObject({ code: 0, stderr: '' });
});
afterAll(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
});

const inFolder = (name: string) => join(folder, name);

function identity(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Promise<Run> {
  return aia(['identity', ...args], {
    env: { AIA_HOME: home, AIA_PASSPHRASE: PASSPHRASE, AIA_PASSPHRASE_FILE: undefined, ...env },
  });
}
async function json(args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await identity([...args, '--format', 'json']);
  return JSON.parse(stdout) as Record<string, unknown>;
}
/** A credential of the cluster in a file. */
async function issued(name: string, ...statement: readonly string[]): Promise<string> {
  const file = inFolder(name);
  const args = ['issue', 'cluster', '--subject', 'orchestrator', ...statement, '--out', file];
  expect(await identity(args)).toMatchObject({ code: 0, stderr: '' });
  return file;
}
const verify = (file: string, ...args: readonly string[]) =>
  identity(['verify', file, '--offline', '--status-list', inFolder('cluster/status.json'), ...args]);

describe('aia identity', () => {
  it('lists identities, and tells all about one', async () => {
    const { stdout } = await identity(['show'], { AIA_PASSPHRASE: undefined });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^cluster {7}version 1 {4}did:webvh:Qm\w{44}:clusters\.example:prod$/),
      expect.stringMatching(/^orchestrator {2}version 1 {4}did:webvh:Qm\w{44}:agents\.example%3A8443:orchestrator$/),
      expect.stringMatching(/^probe {9}version 1 {4}did:key:z6Mk\w+$/),
      '',
    ]);
    const { did } = await json(['show', 'cluster']);
    expect(await json(['show', String(did)])).toMatchObject({
      name: 'cluster',
      version: 1,
      isDeactivated: false,
      publish: [{ name: 'did.jsonl', url: 'https://clusters.example/prod/did.jsonl' }, { name: 'did.json' }],
    });
  });

  it('writes what is to be published', () => {
    const [entry, ...more] = readFileSync(inFolder('cluster/did.jsonl'), 'utf8').trim().split('\n');
    expect([JSON.parse(entry ?? ''), more]).toMatchObject([{ parameters: { method: 'did:webvh:1.0' } }, []]);
    expect(JSON.parse(readFileSync(inFolder('cluster/did.json'), 'utf8'))).toMatchObject({
      id: 'did:web:clusters.example:prod',
    });
    expect(JSON.parse(readFileSync(inFolder('cluster/status.json'), 'utf8'))).toMatchObject({
      id: 'https://clusters.example/prod/status.json',
    });
  });

  it('keeps seeds, passphrase and keys out of everything that it prints', async () => {
    const { stdout, stderr } = await identity(['show', 'cluster', '--format', 'json'], { AIA_DEBUG: '1' });
    for (const secret of [PASSPHRASE, 'sealed', 'seed']) expect(stdout + stderr).not.toContain(secret);
    expect(statSync(join(home, 'identity.db')).mode & 0o777).toBe(0o600);
  });

  it('issues roles, grants and claims, and says what of them holds', async () => {
    const grant = {
      capability: 'execute',
      clusters: '*',
      namespaces: ['shop'],
      kinds: ['Deployment.apps'],
      blastRadius: { podsPerPhase: 10 },
      delegations: 0,
    };
    writeFileSync(inFolder('grants.json'), JSON.stringify([grant]));
    writeFileSync(inFolder('claims.json'), JSON.stringify({ succeeding: 98 }));
    const cases = [
      ['--role', 'main-orchestrator', 'role main-orchestrator'],
      [
        '--grants',
        inFolder('grants.json'),
        'execute: namespaces shop; kinds Deployment.apps; all clusters; at most 10 pods a phase; not to be handed on',
      ],
      ['--claims', inFolder('claims.json'), '{"succeeding":98}'],
    ] as const;
    for (const [option, value, states] of cases) {
      const { code, stdout } = await verify(await issued('held.json', option, value), '--issuer', 'cluster');
      expect([code, stdout]).toEqual([0, expect.stringContaining(` ${states}\n`)]);
      expect(stdout).toMatch(
        /Proof {6}eddsa-jcs-2022 by #assertion-\d+\n {2}Proof {6}mldsa44-jcs-2024 by #assertion-ml-dsa-\d+\n/,
      );
      expect(stdout).toMatch(/Status {5}revocation not set at \d+ of https:\/\/clusters\.example\/prod\/status\.json/);
    }
  });

  it('refuses with the reason', async () => {
    const file = await issued('role.json', '--role', 'mlops-specialist');
    expect(await verify(file, '--issuer', 'orchestrator')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^refused \S+: untrusted-issuer at issuer\n {2}Means .*\n {2}Says .* issued by did:webvh:/,
      ),
    });
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('mlops-specialist', 'main-orchestrator'));
    expect(JSON.parse((await verify(file, '--any-issuer', '--format', 'json')).stdout)).toMatchObject({
      kind: 'refused',
      reason: 'broken-signature',
    });
    writeFileSync(file, text.slice(0, -3));
    expect((await verify(file, '--any-issuer')).stdout).toContain('malformed-json');
    const { code, stdout } = await identity([
      'verify',
      await issued('again.json', '--role', 'mlops-specialist'),
      '--any-issuer',
      '--offline',
    ]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('no-status-list')]);
  });

  it('revokes a credential by the list that it writes', async () => {
    const [file, other] = [
      await issued('taken.json', '--role', 'mlops-specialist'),
      await issued('left.json', '--role', 'mlops-specialist'),
    ];
    const revoked = await identity(['revoke', 'cluster', '--credential', file, '--out', inFolder('cluster')]);
    expect([revoked.code, revoked.stdout]).toEqual([0, expect.stringMatching(/^revoked a credential of cluster\n/)]);
    expect((await verify(file, '--issuer', 'cluster')).stdout).toMatch(
      /^refused \S+: revoked at credentialStatus\/0\n[^]*\n {2}Document {3}of did:webvh:\S+: store, confirmed \d+ s ago\n/,
    );
    expect((await verify(other, '--issuer', 'cluster')).code).toBe(0);
  });

  it('rotates keys, after which older credentials hold until their keys are revoked', async () => {
    const file = await issued('old.json', '--role', 'mlops-specialist');
    const before = (await json(['show', 'cluster']))['version'] as number;
    expect((await identity(['rotate', 'cluster', '--out', inFolder('cluster')])).stdout).toMatch(/^rotated cluster\n/);
    expect((await json(['show', 'cluster']))['version']).toBe(before + 1);
    expect((await verify(file, '--issuer', 'cluster')).code).toBe(0);
    const revoked = await identity(['revoke', 'cluster', '--keys', String(before), '--out', inFolder('cluster')]);
    expect(revoked.stdout).toContain(`revoked: ${before}\n`);
    expect((await verify(file, '--issuer', 'cluster')).stdout).toContain('revoked-key');
    const again = await identity(['revoke', 'cluster', '--keys', String(before)]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining(`no keys of version ${before}`)]);
  });

  it('resolves what it keeps, and says who answered', async () => {
    const { did } = await json(['show', 'orchestrator']);
    const { code, stdout } = await identity(['resolve', String(did), '--offline']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^resolved did:webvh:.*\n {2}Answered {2}store, confirmed \d+ s ago\n/),
    ]);
    expect(await json(['resolve', String(did), '--offline'])).toMatchObject({
      didDocument: { id: did },
      didDocumentMetadata: { versionNumber: 1, deactivated: false, created: expect.stringMatching(/Z$/), ttl: '3600' },
      didResolutionMetadata: { rung: 'store', isStale: false },
    });
    const unknown = await identity(['resolve', 'did:web:nobody.example', '--offline', '--format', 'json']);
    expect([unknown.code, JSON.parse(unknown.stdout)]).toMatchObject([
      3,
      { didResolutionMetadata: { reason: 'unreachable' } },
    ]);
    const hostile = await identity(['resolve', 'did:web:127.0.0.1']);
    expect([hostile.code, hostile.stdout]).toEqual([1, expect.stringContaining('ip-host')]);
  });

  it('resolves from where it is published, in a network of its own only if that is allowed', async () => {
    const port = await servers.http((request, response) => {
      const file = join(folder, 'published', request.url ?? '');
      response.writeHead(existsSync(file) ? 200 : 404).end(existsSync(file) ? readFileSync(file) : '');
    }, GOOD);
    const publish = ['--out', inFolder('published/served')];
    expect(await identity(['create', 'served', '--place', `good.example:${port}/served`, ...publish])).toMatchObject({
      code: 0,
    });
    const did = String((await json(['show', 'served']))['did']);
    const authority = inFolder('authority.pem');
    writeFileSync(authority, AUTHORITY.cert);
    const resolve = (...args: readonly string[]) =>
      identity(['resolve', did, '--home', inFolder('visitor'), ...args], {
        // Every name is this machine, as in a network that has its own names.
        NODE_OPTIONS: `--import "data:text/javascript,import dns from 'node:dns/promises'; import { syncBuiltinESMExports } from 'node:module'; dns.lookup = async () => [{ address: '127.0.0.1', family: 4 }]; syncBuiltinESMExports();"`,
        NODE_EXTRA_CA_CERTS: authority,
      });
    expect(await resolve()).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('origin unusable: private-address'),
    });
    expect(await resolve('--allow-network', '127.0.0.0/8')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^resolved .*\n {2}Answered {2}origin, confirmed 0 s ago\n {2}Version {3}1-/),
    });
    expect((await identity(['rotate', 'served', ...publish])).code).toBe(0);
    expect((await resolve('--offline')).stdout).toMatch(/Answered {2}store, confirmed \d+ s ago\n {2}Version {3}1-/);
    expect((await resolve('--allow-network', '10.0.0.0/8,127.0.0.0/8', '--for-write')).code).toBe(0);
    rmSync(inFolder('published'), { recursive: true });
    expect((await identity(['resolve', did, '--allow-network', '127.0.0.0'])).code).toBe(2);
  });

  it('deactivates for good, and only when it is meant', async () => {
    expect(await identity(['create', 'short-lived', '--place', 'agents.example/short'])).toMatchObject({ code: 0 });
    expect((await identity(['deactivate', 'short-lived'])).code).toBe(2);
    const { stdout } = await identity(['deactivate', 'short-lived', '--yes']);
    expect(stdout).toMatch(/^deactivated short-lived\n[^]*none: it is deactivated/);
    const { did, isDeactivated } = await json(['show', 'short-lived']);
    expect(isDeactivated).toBe(true);
    expect((await identity(['resolve', String(did), '--offline'])).code).toBe(1);
    const rotated = await identity(['rotate', 'short-lived']);
    expect([rotated.code, rotated.stderr]).toEqual([2, expect.stringContaining('deactivated')]);
  });

  it('takes the passphrase from a file that nobody else can read, and never from the command line', async () => {
    const file = inFolder('passphrase');
    writeFileSync(file, `${PASSPHRASE}\n`, { mode: 0o600 });
    const env = { AIA_PASSPHRASE: undefined };
    expect(
      (
        await identity(
          ['issue', 'probe', '--subject', 'probe', '--role', 'mlops-specialist', '--passphrase-file', file],
          env,
        )
      ).code,
    ).toBe(0);
    chmodSync(file, 0o644);
    const open = await identity(['rotate', 'cluster', '--passphrase-file', file], env);
    expect([open.code, open.stderr]).toEqual([3, expect.stringContaining('open to others (mode 644)')]);
    const none = await identity(['rotate', 'cluster'], env);
    expect([none.code, none.stderr]).toEqual([3, expect.stringContaining('AIA_PASSPHRASE_FILE')]);
    expect((await identity(['rotate', 'cluster', '--passphrase', PASSPHRASE], env)).code).toBe(2);
  });

  it('tells a wrong passphrase from other failures', async () => {
    const { code, stderr } = await identity(['rotate', 'cluster'], { AIA_PASSPHRASE: 'another passphrase' });
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/identity\.db does not open: the passphrase is wrong, or it was changed\.\n$/),
    ]);
  });

  it('changes the passphrase, and asks for the one before', async () => {
    const own = join(folder, 'own');
    const change = (before: string, after: string) =>
      identity(['passphrase', '--home', own], { AIA_PASSPHRASE: before, AIA_NEW_PASSPHRASE: after });
    expect((await identity(['create', 'probe', '--ephemeral', '--home', own])).code).toBe(0);
    expect(await change('a wrong passphrase', 'another passphrase')).toMatchObject({ code: 3, stdout: '' });
    expect((await change(PASSPHRASE, 'short')).stderr).toContain('at least 12 characters');
    expect(await change(PASSPHRASE, 'another passphrase')).toMatchObject({
      code: 0,
      stdout: `changed the passphrase of ${own}\n`,
    });
    const create = (name: string, passphrase: string) =>
      identity(['create', name, '--ephemeral', '--home', own], { AIA_PASSPHRASE: passphrase });
    expect((await create('late', PASSPHRASE)).code).toBe(3);
    expect((await create('late', 'another passphrase')).code).toBe(0);
  });

  it('makes no home for what uses one, and none for nothing', async () => {
    const none = join(folder, 'none');
    for (const args of [
      ['show'],
      ['show', 'cluster'],
      ['rotate', 'cluster'],
      ['deactivate', 'cluster', '--yes'],
      ['passphrase'],
    ])
      expect(await identity([...args, '--home', none])).toMatchObject({
        code: 3,
        stderr: expect.stringContaining(`no identities in ${none}: make one with "aia identity create"`),
      });
    for (const args of [
      ['Not-A-Name', '--ephemeral'],
      ['x', '--place', 'x y'],
    ])
      expect((await identity(['create', ...args, '--home', none])).code).toBe(2);
    expect(existsSync(none)).toBe(false);
  });

  it.each([
    [['create', 'x'], 2, '--place'],
    [['create', 'Not-A-Name', '--ephemeral'], 2, 'no name'],
    [['create', 'cluster', '--ephemeral'], 3, 'already'],
    [['create', 'x', '--place', '10.0.0.1/x'], 2, 'ip-host'],
    [['create', 'x', '--place', 'a.example', '--ephemeral'], 2, 'cannot be used with'],
    [['show', 'nobody'], 3, 'no identity named nobody'],
    [['rotate', 'probe'], 2, 'did:key'],
    [['issue', 'cluster', '--subject', 'nobody', '--role', 'mlops-specialist'], 2, 'neither a DID'],
    [['issue', 'cluster', '--subject', 'probe', '--role', 'king'], 2, 'main-orchestrator'],
    [['issue', 'cluster', '--subject', 'probe'], 2, '--role, --capability'],
    [['verify', '/nonexistent', '--any-issuer'], 3, 'cannot be read'],
    [['verify', 'x.json'], 2, '--issuer'],
  ])('%j ends with %i', async (args, code, words) => {
    const run = await identity(args);
    expect([run.code, run.stdout, run.stderr]).toEqual([code, '', expect.stringContaining(words)]);
  });

  it('completes its commands and their values', async () => {
    const words = async (...line: readonly string[]) =>
      (await candidatesFor(commandLine(), ['identity', ...line])).words;
    expect(await words('')).toEqual([
      'create',
      'show',
      'rotate',
      'revoke',
      'deactivate',
      'resolve',
      'issue',
      'present',
      'verify',
      'passphrase',
      'help',
    ]);
    expect(await words('issue', '--role', 'ml')).toEqual(['mlops-specialist']);
    expect(await words('issue', '--capability', 'ex')).toEqual(['execute']);
    expect((await candidatesFor(commandLine(), ['identity', 'verify', '--status-list', ''])).further).toBe('files');
  });
});
