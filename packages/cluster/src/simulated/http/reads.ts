/** Lists and watches over HTTP. */
import type { ApiServer } from '../api/api-server.ts';
import type { ListOptions } from '../api/list.ts';
import type { Watch, WatchOptions } from '../api/watch.ts';
import type { Call, Served } from './call.ts';
import { wholeNumber } from './options.ts';
import { isSet } from './request-target.ts';

/** @throws ApiError 400 for numbers that are none */
export function listOptions({ url, target }: Call): ListOptions {
  const query = url.searchParams;
  const selector = query.get('fieldSelector') ?? '';
  const named = target.name !== '' && selector === '' ? `metadata.name=${target.name}` : selector;
  return {
    ...(target.namespace !== '' && { namespace: target.namespace }),
    ...(named !== '' && { fieldSelector: named }),
    ...text(query, 'labelSelector'),
    ...text(query, 'continue'),
    ...text(query, 'resourceVersion'),
    ...text(query, 'resourceVersionMatch'),
    ...number(query, 'limit'),
    ...(query.has('sendInitialEvents') && { sendInitialEvents: isSet(query, 'sendInitialEvents') }),
  };
}

function text(query: URLSearchParams, name: string): Readonly<Record<string, string>> {
  const value = query.get(name) ?? '';
  return value === '' ? {} : { [name]: value };
}

function number(query: URLSearchParams, name: string): Readonly<Record<string, number>> {
  const value = query.get(name) ?? '';
  return value === '' ? {} : { [name]: wholeNumber(name, value) };
}

/** @throws ApiError as {@link listOptions} and the watch itself do */
export function openWatch(api: ApiServer, { stored }: Served, call: Call): Watch {
  const query = call.url.searchParams;
  const options: WatchOptions = {
    ...listOptions(call),
    ...number(query, 'timeoutSeconds'),
    allowWatchBookmarks: isSet(query, 'allowWatchBookmarks'),
  };
  return api.watch(stored, options);
}
