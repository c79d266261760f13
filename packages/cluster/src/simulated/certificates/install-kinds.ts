/**
 * The custom kinds that a simulated cluster has controllers for, at the size that these need.
 * Source: https://cert-manager.io/docs/reference/api-docs/; https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs
 */
import type { ApiServer } from '../api/api-server.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../api/built-in-types.ts';
import type { CustomResourceDefinition } from '../api/custom-resources/definition.ts';
import type { JsonSchema } from '../api/custom-resources/json-schema.ts';
import { timestamp } from '../clock/virtual-clock.ts';

/** Kinds that come together. */
export type KindSet = 'cert-manager' | 'managed-certificates';

interface Kind {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly isClusterWide?: boolean;
  readonly spec: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const TEXT: JsonSchema = { type: 'string' };
const FLAG: JsonSchema = { type: 'boolean' };
const TEXTS: JsonSchema = { type: 'array', items: TEXT };
/** Whatever else a field may hold. */
const ANY: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const ISSUER: JsonSchema = {
  type: 'object',
  required: ['name'],
  properties: { name: TEXT, kind: TEXT, group: TEXT },
};
const ISSUER_SPEC = { acme: ANY, ca: ANY, selfSigned: ANY, vault: ANY, venafi: ANY };

const SETS: Readonly<Record<KindSet, readonly Kind[]>> = {
  'cert-manager': [
    {
      ...{ group: 'cert-manager.io', kind: 'Certificate', plural: 'certificates', shortNames: ['cert', 'certs'] },
      required: ['issuerRef', 'secretName'],
      spec: {
        ...{ secretName: TEXT, commonName: TEXT, dnsNames: TEXTS, ipAddresses: TEXTS, isCA: FLAG, issuerRef: ISSUER },
        ...{ duration: TEXT, renewBefore: TEXT, usages: TEXTS, privateKey: ANY, secretTemplate: ANY },
      },
    },
    {
      ...{
        group: 'cert-manager.io',
        kind: 'CertificateRequest',
        plural: 'certificaterequests',
        shortNames: ['cr', 'crs'],
      },
      required: ['issuerRef', 'request'],
      spec: { request: TEXT, issuerRef: ISSUER, duration: TEXT, isCA: FLAG, usages: TEXTS, username: TEXT },
    },
    { group: 'cert-manager.io', kind: 'Issuer', plural: 'issuers', spec: ISSUER_SPEC },
    {
      ...{ group: 'cert-manager.io', kind: 'ClusterIssuer', plural: 'clusterissuers', isClusterWide: true },
      spec: ISSUER_SPEC,
    },
    {
      ...{ group: 'acme.cert-manager.io', kind: 'Order', plural: 'orders' },
      spec: { request: TEXT, issuerRef: ISSUER, commonName: TEXT, dnsNames: TEXTS },
    },
    {
      ...{ group: 'acme.cert-manager.io', kind: 'Challenge', plural: 'challenges' },
      spec: { dnsName: TEXT, type: TEXT, token: TEXT, key: TEXT, url: TEXT, issuerRef: ISSUER, solver: ANY },
    },
  ],
  'managed-certificates': [
    {
      ...{
        group: 'networking.gke.io',
        kind: 'ManagedCertificate',
        plural: 'managedcertificates',
        shortNames: ['mcrt'],
      },
      required: ['domains'],
      spec: { domains: { type: 'array', maxItems: 100, items: { type: 'string', maxLength: 63 } } },
    },
  ],
};

/**
 * Serves the kinds of a set, at once. What is there already stays.
 * @throws ApiError as for other CustomResourceDefinitions
 */
export function installKinds(api: ApiServer, set: KindSet): void {
  for (const kind of SETS[set]) {
    const name = `${kind.plural}.${kind.group}`;
    if (api.store.get(CUSTOM_RESOURCE_DEFINITIONS, '', name) !== undefined) continue;
    if (api.types.byKind(kind.group, kind.kind) !== undefined) continue;
    const definition = definitionOf(name, kind);
    api.create(CUSTOM_RESOURCE_DEFINITIONS, definition);
    api.changeStatus(CUSTOM_RESOURCE_DEFINITIONS, '', name, (one) => established(one as CustomResourceDefinition, api));
  }
}

function definitionOf(name: string, kind: Kind): CustomResourceDefinition {
  const names = {
    ...{ kind: kind.kind, listKind: `${kind.kind}List`, plural: kind.plural, singular: kind.kind.toLowerCase() },
    ...(kind.shortNames === undefined ? {} : { shortNames: kind.shortNames }),
  };
  const spec: JsonSchema = {
    type: 'object',
    properties: kind.spec,
    ...(kind.required === undefined ? {} : { required: kind.required }),
    'x-kubernetes-preserve-unknown-fields': true,
  };
  const openAPIV3Schema: JsonSchema = {
    type: 'object',
    properties: { apiVersion: TEXT, kind: TEXT, metadata: { type: 'object' }, spec, status: ANY },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: kind.group,
      scope: kind.isClusterWide === true ? 'Cluster' : 'Namespaced',
      names,
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, subresources: { status: {} } },
      ],
    },
  };
}

/** As the controller of definitions would say a moment later. */
function established(one: CustomResourceDefinition, api: ApiServer): CustomResourceDefinition {
  const lastTransitionTime = timestamp(api.clock.now);
  const conditions = [
    { type: 'NamesAccepted', reason: 'NoConflicts', message: 'no conflicts found' },
    { type: 'Established', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
  ].map((condition) => ({ ...condition, status: 'True', lastTransitionTime }));
  return { ...one, status: { acceptedNames: one.spec.names, conditions, storedVersions: ['v1'] } };
}
