/** Logs of containers over HTTP, as they are or as they grow. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ (`read log`) */
import type { Pod } from '../../model/kinds.ts';
import { badRequest } from '../api/api-error.ts';
import type { ApiServer } from '../api/api-server.ts';
import { PODS } from '../api/built-in-types.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { LogOptions, NodeAgents } from '../kubelet/node-agents.ts';
import { textAnswer } from './answer.ts';
import type { Call } from './call.ts';
import { wholeNumber } from './options.ts';
import { isSet } from './request-target.ts';

/** Between two looks for more. */
const LOOK_MS = 1000;

/** @throws ApiError 404, 400 */
export function logAnswer(api: ApiServer, agents: NodeAgents, { url, target }: Call): Response {
  const query = url.searchParams;
  const { namespace, name } = target;
  const pod = api.get(PODS, namespace, name);
  const container = containerOf(pod, query.get('container') ?? '');
  const options = logOptions(query);
  // A pod that has no node yet has an empty log.
  const isPlaced = (pod.spec?.nodeName ?? '') !== '';
  const read = (more: LogOptions) => (isPlaced ? agents.logOf(namespace, name, container, more) : '');
  if (!isSet(query, 'follow') || options.previous === true) return textAnswer(read(options), 200, PLAIN);
  const whole = () => read({ timestamps: options.timestamps === true });
  const runs = () => isRunning(api.store.get(PODS, namespace, name), pod.metadata.uid, container);
  return new Response(growing(api.clock, read(options), whole, runs), { headers: PLAIN });
}

const PLAIN = { 'content-type': 'text/plain' } as const;

function containerOf({ metadata, spec }: Pod, wanted: string): string {
  const names = (spec?.containers ?? []).map(({ name }) => name);
  const init = (spec?.initContainers ?? []).map(({ name }) => name);
  const ephemeral = (spec?.ephemeralContainers ?? []).map(({ name }) => name);
  if (wanted !== '') {
    if (![...names, ...init, ...ephemeral].includes(wanted))
      throw badRequest(`container ${wanted} is not valid for pod ${metadata.name}`);
    return wanted;
  }
  if (names.length === 1) return names[0] as string;
  const others = init.length === 0 ? '' : ` or one of the init containers: [${init.join(' ')}]`;
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]${others}`,
  );
}

function logOptions(query: URLSearchParams): LogOptions {
  const number = (name: string) => (query.has(name) ? { [name]: wholeNumber(name, query.get(name) ?? '') } : {});
  const since = query.get('sinceTime') ?? '';
  const sinceAt = Date.parse(since);
  if (since !== '' && Number.isNaN(sinceAt))
    throw badRequest(`parsing time ${JSON.stringify(since)}: it is no RFC 3339`);
  return {
    ...number('tailLines'),
    ...number('sinceSeconds'),
    ...number('limitBytes'),
    ...(since !== '' && { sinceAt }),
    previous: isSet(query, 'previous'),
    timestamps: isSet(query, 'timestamps'),
  };
}

function isRunning(pod: Pod | undefined, uid: string | undefined, container: string): boolean {
  if (pod === undefined || pod.metadata.uid !== uid) return false;
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const status = [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container);
  return status?.state?.running !== undefined;
}

/** `first`, and then what is added to the whole log, until the container ends or the client goes. */
function growing(
  clock: VirtualClock,
  first: string,
  whole: () => string,
  runs: () => boolean,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let seen = whole().length;
  let isFirst = true;
  let cancel = (): void => undefined;
  const more = () =>
    new Promise<string | undefined>((resolve) => {
      const look = () => {
        const isOver = !runs();
        const text = readable(whole);
        // Another process begins another log.
        const added = text === undefined || text.length >= seen ? (text ?? '').slice(seen) : text;
        seen = text?.length ?? seen;
        if (added !== '') resolve(added);
        else if (isOver) resolve(undefined);
        else cancel = clock.after(LOOK_MS, look).cancel;
      };
      look();
    });
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const text = isFirst && first !== '' ? first : await more();
        isFirst = false;
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => cancel(),
    },
    { highWaterMark: 0 },
  );
}

/** The log of a container that is gone cannot be read any more. */
function readable(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
