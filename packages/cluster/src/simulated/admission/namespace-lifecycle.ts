/** Nothing is made in namespaces that are not there or going. Source: `plugin/namespace/lifecycle` of the API server. */
import { NAMESPACES } from '../api/built-in-types.ts';
import { apiError, forbidden, notFound } from '../api/api-error.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';
import type { AdmissionContext } from './admission-context.ts';
import { forbiddenEarly } from './refusal.ts';

/** These cannot be deleted. */
const IMMORTAL: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export function namespaceLifecycle({ store, unread }: AdmissionContext): AdmissionPlugin {
  const isUnread = unread.has('/Namespace');
  return {
    name: 'NamespaceLifecycle',
    mutate(admission) {
      const { object, operation, type, namespace, name } = admission;
      if (type.kind === 'Namespace' && type.group === '') {
        if (operation === 'DELETE' && IMMORTAL.has(name))
          throw forbidden(type, name, 'this namespace may not be deleted');
        return object;
      }
      if (namespace === '' || operation === 'DELETE' || isUnread) return object;
      const found = store.get(NAMESPACES, '', namespace);
      if (found === undefined) throw notFound(NAMESPACES, namespace);
      if (operation === 'CREATE' && found.status?.phase === 'Terminating') throw terminating(admission);
      return object;
    },
  };
}

function terminating(admission: Admission) {
  const { namespace } = admission;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { status } = forbiddenEarly(admission, why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  return apiError(403, 'Forbidden', status.message, { ...status.details, causes: [cause] });
}
