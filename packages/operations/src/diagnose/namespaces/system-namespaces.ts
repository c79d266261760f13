/** Namespaces of Kubernetes, which reserves the prefix `kube-`, and of the distributions that bring their own. */
const SYSTEM_NAMESPACE = /^(?:openshift$|(?:kube|gke|gmp|openshift|cattle|rancher)-)/;

/**
 * Whether what runs in a namespace is its distribution's choice, not that of the cluster's users.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export function isSystemNamespace(namespace: string): boolean {
  return SYSTEM_NAMESPACE.test(namespace);
}
