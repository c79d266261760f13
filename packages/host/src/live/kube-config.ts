/** Finds the cluster's address and credentials: `--kubeconfig`, `KUBECONFIG`, `~/.kube/config`, or a pod's service account. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { HostError } from '../host-error.ts';

/** Where to look. */
export interface KubeConfigOptions {
  /** Path of a kubeconfig; replaces the usual places. */
  readonly kubeconfig?: string | undefined;
  /** Context to use instead of the current one. */
  readonly context?: string | undefined;
  /** Environment to read `KUBECONFIG`, `HOME` and `KUBERNETES_SERVICE_HOST` from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Every pod finds its credentials here (Kubernetes: "Accessing the API from a Pod"). */
const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Loads and checks the configuration. Like kubectl, files of the `KUBECONFIG` list that do not exist are skipped, and of two
 * entries with one name the first file's stays.
 * @throws HostError `kubeconfig-missing`, `kubeconfig-invalid`, `context-not-found`
 */
export async function loadKubeConfig(options: KubeConfigOptions = {}): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const env = options.env ?? process.env;
  const files = kubeConfigFiles(options, env);
  const [first, ...rest] = files;
  if (first !== undefined) {
    readInto(config, first);
    for (const file of rest) {
      const other = new KubeConfig();
      readInto(other, file);
      merge(config, other);
    }
  } else if (env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(SERVICE_ACCOUNT_TOKEN))
    config.loadFromCluster();
  else throw missing(options, env);
  choose(config, options.context, files);
  return config;
}

/** The files that will be read, in order; empty when there is none. */
function kubeConfigFiles(options: KubeConfigOptions, env: Readonly<Record<string, string | undefined>>): string[] {
  if (options.kubeconfig !== undefined) {
    if (!existsSync(options.kubeconfig)) throw missing(options, env);
    return [options.kubeconfig];
  }
  return candidates(env).filter((file) => existsSync(file));
}

function candidates(env: Readonly<Record<string, string | undefined>>): string[] {
  const list = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  return list.length > 0 ? list : [join(env['HOME'] ?? homedir(), '.kube', 'config')];
}

function missing(options: KubeConfigOptions, env: Readonly<Record<string, string | undefined>>): HostError {
  const looked = options.kubeconfig === undefined ? candidates(env) : [options.kubeconfig];
  return new HostError(
    'kubeconfig-missing',
    `No kubeconfig found (looked at ${looked.join(', ')}). Name one with --kubeconfig or KUBECONFIG, or read a saved dump with --dump.`,
    { data: { looked } },
  );
}

function readInto(config: KubeConfig, file: string): void {
  try {
    // An entry without a name or server spoils only itself.
    config.loadFromFile(file, { onInvalidEntry: 'filter' });
  } catch (cause) {
    throw new HostError('kubeconfig-invalid', `The kubeconfig ${file} cannot be read: ${textOf(cause)}`, {
      data: { file },
      cause,
    });
  }
}

/** The client's own merge refuses equal names, which kubectl allows. */
function merge(into: KubeConfig, from: KubeConfig): void {
  into.clusters = firstOfEach([...into.clusters, ...from.clusters]);
  into.users = firstOfEach([...into.users, ...from.users]);
  into.contexts = firstOfEach([...into.contexts, ...from.contexts]);
  into.currentContext ||= from.currentContext;
}

function firstOfEach<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const known = new Map<string, T>();
  for (const item of items) if (!known.has(item.name)) known.set(item.name, item);
  return [...known.values()];
}

/** Sets the context and makes sure that it leads to a cluster and a user. */
function choose(config: KubeConfig, context: string | undefined, files: readonly string[]): void {
  if (context !== undefined) config.setCurrentContext(context);
  const wanted = config.getCurrentContext() as string | undefined;
  const known = config.getContexts().map(({ name }) => name);
  const place = files.length === 0 ? 'the service account' : files.join(', ');
  if (wanted === undefined || wanted === '') {
    throw new HostError(
      'context-not-found',
      `${place} names no current context. Choose one with --context: ${list(known)}.`,
      { data: { known } },
    );
  }
  const found = config.getContexts().find(({ name }) => name === wanted);
  if (found === undefined) {
    throw new HostError('context-not-found', `There is no context "${wanted}" in ${place}. Known: ${list(known)}.`, {
      data: { context: wanted, known },
    });
  }
  const absent =
    config.getCluster(found.cluster) === null
      ? `cluster "${found.cluster}"`
      : config.getUser(found.user) === null
        ? `user "${found.user}"`
        : undefined;
  if (absent !== undefined) {
    throw new HostError('kubeconfig-invalid', `Context "${wanted}" names the ${absent}, which is not in ${place}.`, {
      data: { context: wanted },
    });
  }
}

function list(names: readonly string[]): string {
  if (names.length === 0) return '(none)';
  return names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
