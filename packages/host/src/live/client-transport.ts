/** Requests over the official client: its kubeconfig gives address, TLS, proxy and credentials, its HTTP library sends. */
import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import { HostError } from '../host-error.ts';
import { version } from '../version.ts';
import { CredentialPlugin } from './credential-plugin.ts';
import { readBody, type ApiRequest, type ApiTransport } from './transport.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** Paths and queries only; the address comes from the configuration, whose current user a credential plugin takes over. */
export async function createClientTransport(config: KubeConfig): Promise<ApiTransport> {
  const { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const http = new IsomorphicFetchHttpLibrary();
  const server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  const connections = keptDispatcher();
  const plugin = CredentialPlugin.takeOver(config);
  const get = async ({ path, accept, signal, maxBodyBytes }: ApiRequest) => {
    const request = new RequestContext(`${server}${path}`, HttpMethod.GET);
    request.setSignal(signal);
    await authenticate(config, plugin, request);
    connections.reuse(request);
    request.setHeaderParam('Accept', accept);
    request.setHeaderParam('User-Agent', `aia/${version}`);
    const answer = await http.send(request).toPromise();
    const body = await readBody(answer.body.stream(), maxBodyBytes);
    return { status: answer.httpStatusCode, headers: answer.headers, body };
  };
  return {
    server,
    // A plugin's credential may be withdrawn before its time; a fresh one gets one chance, as with kubectl.
    get: async (request) => {
      const answer = await get(request);
      if (answer.status !== 401 || plugin?.forget() !== true) return answer;
      connections.renew();
      return get(request);
    },
    close: () => {
      plugin?.stop();
      return connections.close();
    },
  };
}

/**
 * The client makes a new connection pool for each request it authenticates. Keeping the first lets connections be used
 * again; it is renewed now and then because credential plugins may change the client certificate.
 */
function keptDispatcher(): { reuse(request: RequestContext): void; renew(): void; close(): Promise<void> } {
  const pools: Dispatcher[] = [];
  let uses = 0;
  let stale = false;
  return {
    reuse: (request) => {
      const fresh = request.getDispatcher();
      const kept = pools.at(-1);
      if (fresh === undefined) return;
      if (kept !== undefined && !stale && ++uses % 500 !== 0) request.setDispatcher(kept);
      else {
        pools.push(fresh);
        stale = false;
      }
    },
    renew: () => {
      stale = true;
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
async function authenticate(
  config: KubeConfig,
  plugin: CredentialPlugin | undefined,
  request: RequestContext,
): Promise<void> {
  try {
    await untilAborted(config.applySecurityAuthentication(request), request.getSignal() as AbortSignal);
  } catch (cause) {
    if (cause instanceof HostError) throw cause;
    if (request.getSignal()?.aborted === true) {
      plugin?.stop();
      throw plugin?.tooSlow() ?? cause;
    }
    const reason = (cause instanceof Error ? cause.message : String(cause)).trim().slice(0, 500);
    throw new HostError('kubeconfig-invalid', `The credentials of the kubeconfig cannot be used: ${reason}`, { cause });
  }
}
