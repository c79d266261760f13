/** Requests over the official client: its kubeconfig gives address, TLS, proxy and credentials, its HTTP library sends. */
import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import { HostError } from '../host-error.ts';
import { version } from '../version.ts';
import { CredentialPlugin } from './credential-plugin.ts';
import { readBody, type ApiAnswer, type ApiRequest, type ApiTransport } from './transport.ts';

type Dispatcher = NonNullable<ReturnType<RequestContext['getDispatcher']>>;

/** One request with any method; `live-writer.ts` alone sends others than GET. */
export interface ClientRequest extends ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

/** Sends anything with a kubeconfig's address and credentials. */
export interface ClientConnection {
  readonly server: string;
  /** As {@link ApiTransport.get}. */
  send(request: ClientRequest): Promise<ApiAnswer>;
  close(): Promise<void>;
}

/** Reads only. Paths and queries only; the address comes from the configuration, whose current user a credential plugin takes over. */
export async function createClientTransport(config: KubeConfig): Promise<ApiTransport> {
  const { server, send, close } = await createClientConnection(config);
  return { server, get: (request) => send({ ...request, method: 'GET' }), close };
}

/** What {@link createClientTransport} stands on. */
export async function createClientConnection(config: KubeConfig): Promise<ClientConnection> {
  const { HttpMethod, IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const http = new IsomorphicFetchHttpLibrary();
  const server = (config.getCurrentCluster()?.server ?? '').replace(/\/+$/, '');
  const connections = keptDispatcher();
  const plugin = CredentialPlugin.takeOver(config);
  const send = async ({ method, path, accept, contentType, body: content, signal, maxBodyBytes }: ClientRequest) => {
    const request = new RequestContext(`${server}${path}`, HttpMethod[method]);
    request.setSignal(signal);
    await authenticate(config, plugin, request);
    connections.reuse(request);
    request.setHeaderParam('Accept', accept);
    request.setHeaderParam('User-Agent', `aia/${version}`);
    if (contentType !== undefined) request.setHeaderParam('Content-Type', contentType);
    if (content !== undefined) request.setBody(content);
    const answer = await http.send(request).toPromise();
    const body = await readBody(answer.body.stream(), maxBodyBytes);
    return { status: answer.httpStatusCode, headers: answer.headers, body };
  };
  return {
    server,
    // A plugin's credential may be withdrawn before its time; a fresh one gets one chance, as with kubectl.
    send: async (request) => {
      const answer = await send(request);
      if (answer.status !== 401 || plugin?.forget() !== true) return answer;
      connections.renew();
      return send(request);
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
