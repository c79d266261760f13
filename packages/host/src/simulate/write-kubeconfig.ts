/** Kubeconfigs of simulated clusters: written for their owner alone, and never over one of somebody else. */
import { closeSync, existsSync, fchmodSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { HostError } from '../host-error.ts';

const MARK = '# Written by "aia simulate serve"; written over by the next one.';
/** Name of the cluster, the user and the context. */
export const CONTEXT = 'aia-simulated';

/** A file that was written. */
export interface WrittenKubeconfig {
  readonly path: string;
  /** Takes a temporary file away, and leaves one that was asked for. */
  dispose(): void;
}

/** What it says. */
export interface Access {
  readonly url: string;
  /** PEM. */
  readonly certificate: string;
  readonly token: string;
}

/** How to write it. */
export interface KubeconfigOptions {
  /** Default: a temporary file. */
  readonly path?: string;
  /** Also over a file that is none of ours. */
  readonly force?: boolean;
}

/** @throws HostError `output-exists`, `output-failed` */
export function writeKubeconfig(access: Access, { path, force = false }: KubeconfigOptions = {}): WrittenKubeconfig {
  if (path !== undefined && !force && existsSync(path) && !isOurs(path))
    throw new HostError(
      'output-exists',
      `${path} exists and was not written by "aia simulate serve"; --force replaces it`,
      {
        data: { path },
      },
    );
  const file = path ?? join(mkdtempSync(join(tmpdir(), 'aia-simulate-')), 'kubeconfig');
  try {
    writeForOwner(file, `${MARK}\n${stringify(content(access))}`);
  } catch (cause) {
    throw new HostError('output-failed', `${file} cannot be written: ${(cause as Error).message}`, {
      data: { path: file },
      cause,
    });
  }
  return {
    path: file,
    dispose: () => (path === undefined ? rmSync(dirname(file), { recursive: true, force: true }) : undefined),
  };
}

function writeForOwner(file: string, text: string): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    // The mode counts for new files alone, and others must not read even the beginning.
    fchmodSync(descriptor, 0o600);
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

function isOurs(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').startsWith(MARK);
  } catch {
    return false;
  }
}

function content({ url, certificate, token }: Access) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: CONTEXT,
        cluster: { server: url, 'certificate-authority-data': Buffer.from(certificate).toString('base64') },
      },
    ],
    users: [{ name: CONTEXT, user: { token } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: CONTEXT, namespace: 'default' } }],
    'current-context': CONTEXT,
  };
}
