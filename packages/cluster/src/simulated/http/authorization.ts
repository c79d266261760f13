/** Whether a request may be made, and the words of refusals. Source: `k8s.io/apiserver/pkg/endpoints/handlers/responsewriters`. */
import { apiError, type ApiError } from '../api/api-error.ts';
import { qualifiedPlural } from '../api/resource-type.ts';
import type { Identity } from './call.ts';
import type { RbacAuthorizer } from '../rbac/authorizer.ts';
import type { Attributes } from '../rbac/rules.ts';

/** @throws ApiError 403 */
export function authorize(authorizer: RbacAuthorizer, user: Identity, wanted: Attributes): void {
  if (!authorizer.decide(user, wanted).allowed) throw refused(user, wanted);
}

function refused(user: Identity, wanted: Attributes): ApiError {
  const why = whyNot(user, wanted);
  const { group, resource, name } = wanted;
  if (!wanted.isResource || resource === '') return apiError(403, 'Forbidden', `forbidden: ${why}`, {});
  const subject = `${qualifiedPlural({ group, plural: resource })}${name === '' ? '' : ` ${JSON.stringify(name)}`}`;
  return apiError(403, 'Forbidden', `${subject} is forbidden: ${why}`, {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    kind: resource,
  });
}

function whyNot(
  { name: userName }: Identity,
  { isResource, verb, path, group, resource, subresource, namespace }: Attributes,
): string {
  const user = `User ${JSON.stringify(userName)} cannot ${verb}`;
  if (!isResource) return `${user} path ${JSON.stringify(path)}`;
  const what = JSON.stringify(subresource === '' ? resource : `${resource}/${subresource}`);
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  return `${user} resource ${what} in API group ${JSON.stringify(group)} ${where}`;
}
