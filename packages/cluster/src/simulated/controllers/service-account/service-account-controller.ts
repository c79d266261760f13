/**
 * Each namespace has a ServiceAccount `default`.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#serviceaccount-controller
 */
import { NAMESPACES, SERVICE_ACCOUNTS } from '../../api/built-in-types.ts';
import { namespacesTouchedBy } from '../namespace-content.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import type { Controller } from '../controller.ts';

const DEFAULT = 'default';

export function serviceAccountController({ api }: SimulationContext): Controller {
  return {
    name: 'serviceaccount-controller',
    needs: ['/Namespace', '/ServiceAccount'],
    keysOf: (change) => namespacesTouchedBy(change, SERVICE_ACCOUNTS, DEFAULT),
    reconcile: (namespace) => {
      const owner = api.store.get(NAMESPACES, '', namespace);
      if (owner === undefined || owner.status?.phase === 'Terminating') return undefined;
      if (owner.metadata.deletionTimestamp !== undefined) return undefined;
      if (api.store.get(SERVICE_ACCOUNTS, namespace, DEFAULT) !== undefined) return undefined;
      api.create(SERVICE_ACCOUNTS, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: DEFAULT, namespace },
      });
      return undefined;
    },
  };
}
