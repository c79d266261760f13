/** What roles of a project let their members do, as far as refusals name it. Source: https://cloud.google.com/iam/docs/roles-permissions/container */

/** Permissions by role; a name that ends in a dot stands for all that begin so. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  'roles/editor': ['compute.'],
  'roles/container.serviceAgent': [
    'compute.addresses.',
    'compute.backendServices.',
    'compute.disks.',
    'compute.firewalls.',
    'compute.forwardingRules.',
    'compute.globalAddresses.',
    'compute.globalForwardingRules.',
    'compute.healthChecks.',
    'compute.instanceGroupManagers.',
    'compute.instanceGroups.',
    'compute.instances.',
    'compute.instanceTemplates.',
    'compute.networkEndpointGroups.',
    'compute.routes.',
    'compute.subnetworks.',
    'compute.targetPools.',
  ],
};

const NAMED = /Required '([\w.]{1,160})' permission/;

/** Whether a role has the permission that a refusal names. */
export function grants(role: string, refusal: string): boolean {
  const permission = NAMED.exec(refusal)?.[1];
  return permission !== undefined && (ROLES[role] ?? []).some((own) => permission.startsWith(own));
}
