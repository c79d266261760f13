/** Writes to a simulated cluster in the same process. */
import { createRestWriter } from '../rest-writer.ts';
import type { ClusterWriter } from '../writer.ts';
import { createHandler, type HandlerOptions } from './http/handler.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

/**
 * A writer whose requests pass everything that those of a live writer pass: authentication and authorisation by `options`, admission,
 * validation, field ownership.
 */
export function createSimulatedWriter(cluster: SimulatedCluster, options: HandlerOptions = {}): ClusterWriter {
  const handle = createHandler(cluster, options);
  return createRestWriter(async ({ method, path, contentType, body, signal }) => {
    signal?.throwIfAborted();
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const content = body === undefined ? {} : { body };
    const response = await handle(new Request(`http://cluster${path}`, { method, headers, ...content }));
    return { status: response.status, body: await response.text() };
  });
}
