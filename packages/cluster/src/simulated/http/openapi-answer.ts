/** Answers of `/openapi/v2` and `/openapi/v3`. Clients that prefer protobuf take JSON beside it. */
import type { ResourceType } from '../api/resource-type.ts';
import { answer } from './answer.ts';
import { openApiV2, openApiV3, openApiV3Index } from './openapi.ts';

/** The answer; `undefined` for other paths, and for versions that are not served. */
export function openApiAnswer(url: URL, path: string, types: readonly ResourceType[]): Response | undefined {
  const all = { all: types };
  if (path === '/openapi/v2') return answer(openApiV2(all));
  if (path === '/openapi/v3') return answer(openApiV3Index(all));
  const document = path.startsWith('/openapi/v3/') ? openApiV3(all, path.slice('/openapi/v3/'.length)) : undefined;
  if (document === undefined) return undefined;
  // The hash in the address changes with the document.
  return answer(document, undefined, 200, url.searchParams.has('hash') ? { 'cache-control': 'public, immutable' } : {});
}
