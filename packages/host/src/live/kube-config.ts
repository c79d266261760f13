/** Finds the cluster's address and credentials: `--kubeconfig`, `KUBECONFIG`, `~/.kube/config`, or a pod's service account. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { HostError } from '../host-error.ts';
import { environmentProxy } from './environment-proxy.ts';

/** Where to look. */
export interface KubeConfigOptions {
  /** Path of a kubeconfig; replaces the usual places. */
  readonly kubeconfig?: string | undefined;
  /** Context to use instead of the current one. */
  readonly context?: string | undefined;
  /** Environment to read `KUBECONFIG`, `HOME` and `KUBERNETES_SERVICE_HOST` from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Stands for `/` where a pod's service account is looked for. Default empty. */
  readonly root?: string | undefined;
}

/** Every pod finds its credentials here (Kubernetes: "Accessing the API from a Pod"). */
const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Loads and checks the configuration. Like kubectl, files of the `KUBECONFIG` list that do not exist are skipped, of two
 * entries with one name the first file's stays, and the environment's proxy is used where the cluster names none.
 * @throws HostError `kubeconfig-missing`, `kubeconfig-invalid`, `context-not-found`
 */
export async function loadKubeConfig(options: KubeConfigOptions = {}): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const { env = process.env, root = '' } = options;
  const files = kubeConfigFiles(options, env);
  const [first, ...rest] = files;
  if (first !== undefined) {
    readInto(config, first);
    for (const file of rest) {
      const other = new KubeConfig();
      readInto(other, file);
      merge(config, other);
    }
  } else if (env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(root + SERVICE_ACCOUNT_TOKEN))
    config.loadFromCluster(root);
  else throw missing(options, env);
  choose(config, options.context, files);
  const user = config.getCurrentUser();
  config.clusters = config.clusters.map((cluster) =>
    cluster === config.getCurrentCluster() ? reachable(cluster, user, env) : cluster,
  );
  return config;
}

/** The cluster with the environment's proxy where it names none, and fit for plain HTTP where no credentials are at stake. */
function reachable(cluster: Cluster, user: User | null, env: KubeConfigOptions['env'] = {}): Cluster {
  const proxyUrl = cluster.proxyUrl ?? environmentProxy(cluster.server, env);
  const proxied = proxyUrl === undefined ? cluster : { ...cluster, proxyUrl };
  if (!cluster.server.startsWith('http:') || cluster.skipTLSVerify) return proxied;
  if (user !== null && CREDENTIALS.some((field) => Boolean(user[field]))) {
    throw new HostError(
      'kubeconfig-invalid',
      `Credentials are not sent to ${cluster.server} over plain HTTP, where others can read them. Use https, or set insecure-skip-tls-verify: true for the cluster.`,
      { data: { server: cluster.server } },
    );
  }
  // The client refuses plain HTTP otherwise; there is no certificate to verify.
  return { ...proxied, skipTLSVerify: true };
}

const CREDENTIALS = ['token', 'username', 'certData', 'certFile', 'exec', 'authProvider'] as const;

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
  const inPod =
    options.kubeconfig === undefined && env['KUBERNETES_SERVICE_HOST'] !== undefined
      ? `, and this pod has no service account token at ${SERVICE_ACCOUNT_TOKEN} (automountServiceAccountToken)`
      : '';
  return new HostError(
    'kubeconfig-missing',
    `No kubeconfig found (looked at ${looked.join(', ')})${inPod}. Name one with --kubeconfig or KUBECONFIG, or read a saved dump with --dump.`,
    { data: { looked } },
  );
}

function readInto(config: KubeConfig, file: string): void {
  try {
    // An entry without a name or server spoils only itself.
    config.loadFromFile(file, { onInvalidEntry: 'filter' });
    config.users = completed(config.users, file);
  } catch (cause) {
    throw new HostError('kubeconfig-invalid', `The kubeconfig ${file} cannot be read: ${textOf(cause)}`, {
      data: { file },
      cause,
    });
  }
}

/** What the client passes over: `tokenFile` of a user, and that a plugin may lie beside the file that names it. */
function completed(users: readonly User[], file: string): User[] {
  const raw = (parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) ?? {}) as { users?: readonly RawUser[] };
  const rawUsers = new Map((raw.users ?? []).map((entry) => [entry?.name, entry?.user]));
  const beside = (path: string) => (isAbsolute(path) ? path : resolve(dirname(file), path));
  return users.map((user) => {
    const { tokenFile, exec } = rawUsers.get(user.name) ?? {};
    // As with kubectl, the file is read again when it changes and goes before a token in the configuration.
    if (typeof tokenFile === 'string' && tokenFile !== '') {
      return { ...user, token: '', authProvider: { name: 'tokenFile', config: { tokenFile: beside(tokenFile) } } };
    }
    const command = exec?.command;
    if (typeof command === 'string' && command.includes('/'))
      return { ...user, exec: { ...exec, command: beside(command) } };
    return user;
  });
}

interface RawUser {
  readonly name?: string;
  readonly user?: { readonly tokenFile?: unknown; readonly exec?: { readonly command?: unknown } | null } | null;
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

/** The first line alone: parsers of YAML quote the lines around a fault below it, and those may hold a token. */
function textOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return line.replace(/:$/, '');
}
