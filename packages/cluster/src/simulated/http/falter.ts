/** Requests that an API server refuses although nothing is wrong with them: it is busy, or was just restarted, or somebody else was faster. */
import type { ApiError } from '../api/api-error.ts';
import type { RequestTarget } from './request-target.ts';

/** Asked once for each request that is to change something, dry runs excepted; what it returns is answered in place of doing it. */
export type RequestFalter = (target: RequestTarget) => ApiError | undefined;

const CHANGES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** What is posted there asks, and changes nothing. */
const REVIEWS: ReadonlySet<string> = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

/** Whether a request changes objects. */
export function isChange({ isResource, verb, group }: RequestTarget, url: URL): boolean {
  return isResource && CHANGES.has(verb) && !REVIEWS.has(group) && !url.searchParams.has('dryRun');
}
