/** Secrets: by metadata, unless the caller asked for key names or certificates; values never outlive their page. */
import { readTls, savedTls } from '../probes/tls-secret.ts';
import type { ApiClient } from './api-client.ts';
import { listResource, METADATA_ONLY, type ListOptions, type Listing } from './list-resource.ts';
import type { ListableResource } from './resources.ts';

/** How far Secrets are read. Both default to false. */
export interface SecretOptions {
  /** Fetch all Secrets whole, to keep their key names. */
  readonly includeSecretKeys: boolean;
  /** Fetch Secrets of type `kubernetes.io/tls` whole, to keep their public certificates. */
  readonly includeTlsSecrets: boolean;
}

type Item = Record<string, unknown>;

/**
 * Without options nothing but metadata is asked for. (An annotation that `kubectl apply` may have left repeats values inside
 * the metadata; it is dropped on arrival.)
 */
export async function listSecrets(
  client: ApiClient,
  resource: ListableResource,
  secrets: SecretOptions,
  options: Omit<ListOptions, 'trim' | 'accept' | 'fieldSelector'>,
): Promise<Listing> {
  const trim = (item: Item) => dropValues(item, secrets.includeTlsSecrets);
  if (secrets.includeSecretKeys) return listResource(client, resource, { ...options, trim });
  const all = await listResource(client, resource, { ...options, trim, accept: METADATA_ONLY });
  if (!secrets.includeTlsSecrets || all.failure !== undefined) return all;
  const tls = await listResource(client, resource, { ...options, trim, fieldSelector: 'type=kubernetes.io/tls' });
  const whole = new Map(tls.items.map((item) => [nameOf(item), item]));
  return { items: all.items.map((item) => whole.get(nameOf(item)) ?? item), failure: tls.failure };
}

/** Empties the values, keeping key names and, where wanted, what is public of a TLS Secret. */
function dropValues(secret: Item, keepCertificate: boolean): void {
  dropAnnotation(secret);
  const kept = keepCertificate && secret['type'] === 'kubernetes.io/tls' ? publicValues(secret['data']) : {};
  for (const place of ['data', 'stringData'] as const) {
    const values = secret[place];
    if (typeof values !== 'object' || values === null) continue;
    secret[place] = Object.fromEntries(Object.keys(values).map((key) => [key, kept[key] ?? '']));
  }
}

/** The certificates, and whether the key is theirs. */
function publicValues(data: unknown): Readonly<Record<string, string>> {
  const { 'tls.crt': certificate, 'tls.key': key } = (data ?? {}) as Item;
  if (typeof certificate !== 'string') return {};
  const saved = savedTls(readTls(certificate, typeof key === 'string' ? key : ''));
  return { 'tls.crt': saved.certificate, 'tls.key': saved.key };
}

function dropAnnotation(secret: Item): void {
  const { annotations } = (secret['metadata'] ?? {}) as { annotations?: Item };
  if (typeof annotations === 'object' && annotations !== null)
    annotations['kubectl.kubernetes.io/last-applied-configuration'] = undefined;
}

function nameOf(item: Item): string {
  const { namespace, name } = (item['metadata'] ?? {}) as { namespace?: unknown; name?: unknown };
  return `${String(namespace)}/${String(name)}`;
}
