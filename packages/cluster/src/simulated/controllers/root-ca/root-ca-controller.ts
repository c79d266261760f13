/**
 * Each namespace has a ConfigMap with the certificate by which pods recognise the API server.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#root-ca-certificate-publisher-controller
 */
import { CONFIG_MAPS, NAMESPACES } from '../../api/built-in-types.ts';
import { CLUSTER_CA } from '../../control-plane/cluster-ca.ts';
import { NO_SURROUNDINGS } from '../../surroundings.ts';
import { namespacesTouchedBy } from '../namespace-content.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import type { Controller } from '../controller.ts';

/** Name of the ConfigMap. */
export const ROOT_CA = 'kube-root-ca.crt';
const DATA = { 'ca.crt': CLUSTER_CA };
const DESCRIPTION = 'kubernetes.io/description';
const DESCRIPTION_TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

export function rootCaController({ api, surroundings }: SimulationContext): Controller {
  // A recorded cluster has a certificate of its own, and often not its whole text.
  const isRecorded = surroundings !== NO_SURROUNDINGS;
  return {
    name: 'root-ca-certificate-publisher-controller',
    needs: ['/Namespace', '/ConfigMap'],
    keysOf: (change) => namespacesTouchedBy(change, CONFIG_MAPS, ROOT_CA),
    reconcile: (namespace) => {
      const owner = api.store.get(NAMESPACES, '', namespace);
      if (owner === undefined || owner.status?.phase === 'Terminating') return undefined;
      if (owner.metadata.deletionTimestamp !== undefined) return undefined;
      const found = api.store.get(CONFIG_MAPS, namespace, ROOT_CA);
      const annotations = { ...found?.metadata.annotations, [DESCRIPTION]: DESCRIPTION_TEXT };
      if (found === undefined) {
        const metadata = { name: ROOT_CA, namespace, annotations };
        api.create(CONFIG_MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: DATA });
        return undefined;
      }
      if (isRecorded) return undefined;
      if (isSound(found.data) && (found.metadata.annotations?.[DESCRIPTION] ?? '') !== '') return undefined;
      api.update(CONFIG_MAPS, { ...found, metadata: { ...found.metadata, annotations }, data: DATA });
      return undefined;
    },
  };
}

/** Nothing but the certificate of this cluster. */
function isSound(data: Readonly<Record<string, string>> | undefined): boolean {
  return data !== undefined && Object.keys(data).length === 1 && data['ca.crt'] === CLUSTER_CA;
}
