/** Faults of a served cluster, as a person with a shell brings them about. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubeConfig } from '@kubernetes/client-node';
import { aia, ended, startAia } from '../cli/run-aia.suite.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'aia-faults-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LONG = 60_000;

interface Answer {
  readonly code: number;
  readonly body: Record<string, unknown>;
}

/** Serves until the work is done. */
async function serving(args: readonly string[], work: (ask: Ask) => Promise<void>): Promise<void> {
  const path = join(folder, 'config');
  const child = startAia(['simulate', 'serve', '--paused', '--kubeconfig', path, ...args]);
  const run = ended(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (part: Buffer) => part.toString().includes('Ctrl-C ends it.') && resolve());
    void run.then(({ stderr }) => reject(new Error(stderr)));
  });
  try {
    await work((method, at, body) => ask(path, method, at, body));
  } finally {
    child.kill('SIGINT');
    await run;
  }
}

type Ask = (method: string, path: string, body?: unknown) => Promise<Answer>;

function ask(kubeconfig: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const config = new KubeConfig();
  config.loadFromString(readFileSync(kubeconfig, 'utf8'));
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  const ca = Buffer.from(cluster?.caData ?? '', 'base64').toString();
  const headers = { authorization: `Bearer ${user?.token}`, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const asking = request(`${cluster?.server}${path}`, { ca, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ code: response.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }),
      );
    });
    asking.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe('aia simulate serve --fault', () => {
  it('brings a fault about that assess then finds', { timeout: LONG }, () =>
    serving(['--example', 'healthy', '--fault', 'image-missing'], async (asked) => {
      await asked('POST', '/simulation/clock', { advanceMs: 600_000 });
      const { body } = await asked('GET', '/simulation/faults?truth');
      const [{ truth }] = body['faults'] as [{ truth: { entities: [string]; classes: [string] } }];
      const { stdout } = await aia(['assess', '--kubeconfig', join(folder, 'config'), '--format', 'json', '--quiet']);
      const { rootCauses } = JSON.parse(stdout) as {
        rootCauses: { class: string; resource: Record<'kind' | 'namespace' | 'name', string> }[];
      };
      const named = rootCauses.map(
        ({ class: name, resource: { kind, namespace, name: at } }) => `${name} ${kind} ${namespace}/${at}`,
      );
      expect(named[0]).toBe(`${truth.classes[0]} ${truth.entities[0]}`);
    }),
  );

  it('brings it about after a while, and others over HTTP', { timeout: LONG }, () =>
    serving(['--example', 'healthy', '--fault', 'image-missing', '--fault-after', '10m'], async (asked) => {
      const states = async () =>
        ((await asked('GET', '/simulation/faults')).body['faults'] as { state: string }[]).map(({ state }) => state);
      expect(await states()).toEqual(['waiting']);
      await asked('POST', '/simulation/clock', { advanceMs: 600_000 });
      expect(await states()).toEqual(['brought-about']);
      expect(await asked('DELETE', '/simulation/faults/1')).toMatchObject({ body: { state: 'repaired' } });
      expect(await asked('POST', '/simulation/faults', { kind: 'image-missing' })).toMatchObject({ code: 201 });
    }),
  );

  it('says what is wrong with the command line', { timeout: LONG }, async () => {
    const refusals: readonly (readonly [args: string, message: string])[] = [
      ['--fault imag-missing', 'no fault "imag-missing"; did you mean image-missing'],
      ['--fault image-missing:size=3', 'there is no parameter "size"'],
      ['--fault image-missing@web', 'there is no workload "web" that this could befall'],
      ['--fault node-lost@node-9', 'there is no node "node-9" that this could befall'],
      ['--fault image-missing', 'there is no workload that this could befall'],
      ['--fault image-missing --fault-after soon', '"soon" is not a duration'],
      ['--fault-after 10m', 'give both'],
      ['--example aia-system --nodes 5', 'give one of --example and --nodes'],
      ['--dump . --nodes 5', 'give one of --dump and --nodes'],
      ['--dump . --cloud', 'give one of --dump and --cloud'],
    ];
    for (const [args, message] of refusals) {
      const { code, stderr } = await aia(['simulate', 'serve', ...args.split(' ')]);
      expect({ args, code, stderr }).toEqual({ args, code: 2, stderr: expect.stringContaining(message) });
    }
  });
});

describe('aia simulate faults', () => {
  it('lists the catalogue, and tells about one', { timeout: LONG }, async () => {
    const { code, stdout } = await aia(['simulate', 'faults']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^image\n {2}image-missing +A rollout names an image tag that is not in its registry\.$/m);
    const all = JSON.parse((await aia(['simulate', 'faults', '--format', 'json'])).stdout) as { name: string }[];
    expect(all.map(({ name }) => name)).toContain('image-missing');
    const one = await aia(['simulate', 'faults', 'image-missing', '-f', 'json']);
    expect(JSON.parse(one.stdout)).toMatchObject({
      name: 'image-missing',
      family: 'image',
      parameters: { mistake: { type: 'choice' } },
    });
    expect((await aia(['simulate', 'faults', 'image-missing'])).stdout).toMatch(/^image-missing \(image\): /);
  });

  it('names the nearest where there is none of that name', { timeout: LONG }, async () => {
    const { code, stderr } = await aia(['simulate', 'faults', 'imagemissing']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^aia: no fault "imagemissing"; did you mean image-missing/);
  });
});
