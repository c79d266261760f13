/**
 * Credentials from a program that the kubeconfig names (`user.exec`), for example `gke-gcloud-auth-plugin`.
 * Source: Kubernetes "client-go credential plugins"; both `client.authentication.k8s.io/v1` and `v1beta1`.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { HostError } from '../host-error.ts';

type Authenticator = Parameters<KubeConfig['addAuthenticator']>[0];

/** `user.exec` of a kubeconfig. */
interface PluginConfig {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
}

/** `status` of an ExecCredential. */
interface Credential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

/** The name under which a user's plugin is known to the official client, whose own runner cannot be stopped. */
const PROVIDER = 'credential-plugin';
/** A credential is renewed this long before it expires, in milliseconds, so that no request goes out with a dying one. */
const EARLY_MS = 10_000;
const OUTPUT_BYTES = 1024 * 1024;

const run = promisify(execFile);

/**
 * Runs the plugin of one user: once for however many requests wait for it, again when its credential has expired or was
 * refused. It gets no terminal, so it cannot ask questions, and it ends with {@link CredentialPlugin.stop}.
 */
export class CredentialPlugin implements Authenticator {
  readonly #config: PluginConfig;
  readonly #cluster: Cluster | null;
  #running: Promise<Credential> | undefined;
  #kept: Credential | undefined;
  #stop = new AbortController();

  constructor(config: PluginConfig, cluster: Cluster | null) {
    this.#config = config;
    this.#cluster = cluster;
  }

  /** Takes over the current user of a configuration, when it has a plugin. */
  static takeOver(config: KubeConfig): CredentialPlugin | undefined {
    const user = config.getCurrentUser();
    const legacy = user?.authProvider as { config?: { exec?: unknown } } | null | undefined;
    const settings = (user?.exec ?? legacy?.config?.exec) as PluginConfig | null | undefined;
    if (!user || typeof settings?.command !== 'string' || settings.command === '') return undefined;
    const ours: User = { ...user, exec: undefined, authProvider: { name: PROVIDER, config: {} } };
    config.users = config.users.map((known) => (known === user ? ours : known));
    const plugin = new CredentialPlugin(settings, config.getCurrentCluster());
    config.addAuthenticator(plugin);
    return plugin;
  }

  isAuthProvider({ authProvider }: User): boolean {
    return (authProvider as { name?: unknown } | null | undefined)?.name === PROVIDER;
  }

  /** @throws HostError `credential-plugin` */
  async applyAuthentication(_: User, options: Parameters<Authenticator['applyAuthentication']>[1]): Promise<void> {
    if (this.#kept === undefined || hasExpired(this.#kept))
      this.#kept = await (this.#running ??= this.#run().finally(() => (this.#running = undefined)));
    const { token, clientCertificateData, clientKeyData } = this.#kept;
    if (clientCertificateData !== undefined) options.cert = clientCertificateData;
    if (clientKeyData !== undefined) options.key = clientKeyData;
    if (token !== undefined) options.headers = { ...options.headers, Authorization: `Bearer ${token}` };
  }

  /** Drops a credential that the server refused; whether there was one. */
  forget(): boolean {
    const had = this.#kept !== undefined;
    this.#kept = undefined;
    return had;
  }

  /** Ends the program if it still runs. */
  stop(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  /** For a plugin that did not answer while a request could wait. */
  tooSlow(): HostError {
    return this.#error('did not answer in time. Run it by hand to see what it waits for', undefined);
  }

  async #run(): Promise<Credential> {
    const { command, args } = this.#config;
    const work = run(command, [...(args ?? [])], {
      env: this.#environment(),
      signal: this.#stop.signal,
      maxBuffer: OUTPUT_BYTES,
    });
    // A question to the user finds the end of input at once. The pipe breaks when the program ends first.
    work.child.stdin?.on('error', () => {}).end();
    try {
      return credentialOf((await work).stdout);
    } catch (cause) {
      throw this.#failure(cause as Error & { code?: unknown; stderr?: unknown });
    }
  }

  #environment(): NodeJS.ProcessEnv {
    const { apiVersion = 'client.authentication.k8s.io/v1', env, provideClusterInfo } = this.#config;
    const cluster = provideClusterInfo === true ? { cluster: described(this.#cluster) } : {};
    const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false, ...cluster } };
    const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
    return { ...process.env, ...own, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  }

  #failure(cause: Error & { code?: unknown; stderr?: unknown }): HostError {
    const { command, installHint } = this.#config;
    if (cause.code === 'ENOENT') {
      const hint = [installHint ?? '', hintFor(command)].find((text) => text.trim() !== '') ?? '';
      return this.#error(`is not installed or not on the PATH. ${hint.trim()}`.trim(), cause);
    }
    const said = typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
    const how = typeof cause.code === 'number' ? `exit code ${cause.code}` : howEnded(cause);
    return this.#error(`failed: ${(said === '' ? how : said).slice(0, 500)}`, cause);
  }

  #error(what: string, cause: unknown): HostError {
    const { command } = this.#config;
    const message = `The kubeconfig's credential plugin "${command}" ${what}`;
    return new HostError('credential-plugin', message, { data: { command }, cause });
  }
}

/** Node's message about a program that a signal ended repeats its arguments, which may hold a secret. */
function howEnded({ message, signal }: Error & { signal?: unknown }): string {
  return typeof signal === 'string' ? `ended by ${signal}` : message;
}

function hasExpired({ expirationTimestamp }: Credential): boolean {
  const at = Date.parse(expirationTimestamp ?? '');
  return !Number.isNaN(at) && at - EARLY_MS <= Date.now();
}

/** Quotes nothing of the output, which may be half a credential. */
function credentialOf(stdout: string): Credential {
  const { kind, status } = parsed(stdout) as { kind?: unknown; status?: Credential | null };
  if (kind !== 'ExecCredential' || typeof status !== 'object' || status === null)
    throw new TypeError('its output is no ExecCredential');
  const { token, clientCertificateData } = status;
  if (!isText(token) && !isText(clientCertificateData))
    throw new TypeError('its ExecCredential holds neither token nor client certificate');
  return status;
}

function parsed(text: string): object {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function described(cluster: Cluster | null): object {
  return {
    server: cluster?.server,
    'tls-server-name': cluster?.tlsServerName,
    'insecure-skip-tls-verify': cluster?.skipTLSVerify,
    'certificate-authority-data': cluster?.caData,
    'proxy-url': cluster?.proxyUrl,
  };
}

/** For kubeconfigs without `installHint`. */
const HINTS: Readonly<Record<string, string>> = {
  'gke-gcloud-auth-plugin': 'Install it with: gcloud components install gke-gcloud-auth-plugin',
  aws: 'Install the AWS command line (version 2).',
  'aws-iam-authenticator':
    'Install aws-iam-authenticator, or let `aws eks update-kubeconfig` write a kubeconfig without it.',
  kubelogin: 'Install it with: az aks install-cli',
};

function hintFor(command: string): string {
  const name = (command.split(/[/\\]/).at(-1) ?? '').replace(/\.exe$/, '');
  return Object.hasOwn(HINTS, name) ? (HINTS[name] ?? '') : '';
}
