/** Requests over the official client: its kubeconfig gives address, TLS, proxy and credentials, its HTTP library sends. */
import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import { HostError } from '../host-error.ts';
import { readBody, type ApiTransport } from './transport.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** Paths and queries only; the address comes from the configuration. */
export async function createClientTransport(config: KubeConfig): Promise<ApiTransport> {
  const { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const http = new IsomorphicFetchHttpLibrary();
  const server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  const connections = keptDispatcher();
  return {
    server,
    get: async ({ path, accept, signal, maxBodyBytes }) => {
      const request = new RequestContext(`${server}${path}`, HttpMethod.GET);
      await untilAborted(authenticate(config, request), signal);
      connections.reuse(request);
      request.setHeaderParam('Accept', accept);
      request.setHeaderParam('User-Agent', 'aia');
      request.setSignal(signal);
      const answer = await http.send(request).toPromise();
      const body = await readBody(answer.body.stream(), maxBodyBytes);
      return { status: answer.httpStatusCode, headers: answer.headers, body };
    },
    close: () => connections.close(),
  };
}

/**
 * The client makes a new connection pool for each request it authenticates. Keeping the first lets connections be used
 * again; it is renewed now and then because credential plugins may change the client certificate.
 */
function keptDispatcher(): { reuse(request: RequestContext): void; close(): Promise<void> } {
  const pools: Dispatcher[] = [];
  let uses = 0;
  return {
    reuse: (request) => {
      const fresh = request.getDispatcher();
      const kept = pools.at(-1);
      if (fresh === undefined) return;
      if (kept === undefined || ++uses % 500 === 0) pools.push(fresh);
      else request.setDispatcher(kept);
    },
    close: async () => {
      await Promise.all(pools.splice(0).map((pool) => pool.destroy()));
    },
  };
}

/** A credential plugin may wait for an answer that nobody will type; the request's own bound holds for it too. */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Adds credentials, running a credential plugin where the kubeconfig names one. */
async function authenticate(config: KubeConfig, request: RequestContext): Promise<void> {
  try {
    await config.applySecurityAuthentication(request);
  } catch (cause) {
    throw credentialError(config, cause);
  }
}

function credentialError(config: KubeConfig, cause: unknown): HostError {
  const command = pluginOf(config);
  const code = (cause as { code?: unknown } | null)?.code;
  const reason = (cause instanceof Error ? cause.message : String(cause)).trim().slice(0, 500);
  if (command === undefined)
    return new HostError('kubeconfig-invalid', `The credentials of the kubeconfig cannot be used: ${reason}`, {
      cause,
    });
  const hint = code === 'ENOENT' ? `is not installed or not on the PATH.${installHint(command)}` : `failed: ${reason}`;
  return new HostError('credential-plugin', `The kubeconfig's credential plugin "${command}" ${hint}`, {
    data: { command },
    cause,
  });
}

function pluginOf(config: KubeConfig): string | undefined {
  const user = config.getCurrentUser();
  const exec = (user?.exec ?? (user?.authProvider as { config?: { exec?: unknown } } | undefined)?.config?.exec) as
    { command?: unknown } | undefined;
  return typeof exec?.command === 'string' ? exec.command : undefined;
}

const PLUGIN_SOURCES: Readonly<Record<string, string>> = {
  'gke-gcloud-auth-plugin': ' Install it with: gcloud components install gke-gcloud-auth-plugin',
  aws: ' Install the AWS command line (version 2).',
  'aws-iam-authenticator':
    ' Install aws-iam-authenticator, or let `aws eks update-kubeconfig` write a kubeconfig without it.',
  kubelogin: ' Install it with: az aks install-cli',
};

function installHint(command: string): string {
  const name =
    command
      .split(/[/\\]/)
      .at(-1)
      ?.replace(/\.exe$/, '') ?? command;
  return Object.hasOwn(PLUGIN_SOURCES, name) ? (PLUGIN_SOURCES[name] ?? '') : '';
}
