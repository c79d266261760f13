/** Writes to a running cluster: the only place that sends anything but GET. */
import { createRestWriter, type ClusterWriter, type RestRequest } from '@aia/cluster';
import { HostError } from '../host-error.ts';
import { connectionText } from './api-client.ts';
import { createClientConnection, type ClientConnection } from './client-transport.ts';
import { unreachable } from './connect.ts';
import { loadKubeConfig, type KubeConfigOptions } from './kube-config.ts';

/** How to reach the cluster. */
export interface LiveWriterOptions extends KubeConfigOptions {
  /** Longest time for one request, in milliseconds. Default 30 000. */
  readonly timeoutMs?: number | undefined;
}

/** A writer that holds connections; close it. */
export interface LiveWriter extends ClusterWriter {
  close(): Promise<void>;
}

/** No object is larger; etcd takes 1.5 MB. */
const BODY_BYTES = 16 << 20;

/**
 * Opens a writer. Nothing is tried again: whoever writes must look what became of a request that got no answer before repeating it.
 * @throws HostError `kubeconfig-missing`, `kubeconfig-invalid`, `context-not-found`; each write `unreachable`, `cancelled`, `credential-plugin`
 */
export async function createLiveWriter(options: LiveWriterOptions = {}): Promise<LiveWriter> {
  const connection = await createClientConnection(await loadKubeConfig(options));
  const writer = createRestWriter((request) => send(connection, request, options.timeoutMs ?? 30_000));
  return { ...writer, close: () => connection.close() };
}

async function send(connection: ClientConnection, request: RestRequest, timeoutMs: number) {
  const { method, path, contentType, body, signal } = request;
  const deadline = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const accept = 'application/json';
  try {
    signal?.throwIfAborted();
    return await connection.send({ method, path, accept, contentType, body, signal: either, maxBodyBytes: BODY_BYTES });
  } catch (error) {
    if (error instanceof HostError) throw error;
    if (signal?.aborted === true)
      throw new HostError('cancelled', `${method} ${path} was cancelled; whether it was carried out is not known.`, {
        retry: 'later',
        cause: signal.reason,
      });
    throw unreachable(
      connection.server,
      deadline.aborted ? `no answer in ${timeoutMs} ms` : connectionText(error),
      error,
    );
  }
}
