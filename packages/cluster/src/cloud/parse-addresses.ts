/**
 * Addresses and forwarding rules: `gcloud compute addresses list`, `gcloud compute forwarding-rules list` with
 * `--format=json`, and the REST lists behind them.
 * Source: https://cloud.google.com/compute/docs/reference/rest/v1/addresses and …/v1/forwardingRules
 */
import { Reading, type Parsed } from '../model/unknown-json.ts';
import type { CloudAddress, ForwardingRule } from './cloud.ts';
import { itemsOf } from './compute-items.ts';
import { regionOf, urlName } from './resource-url.ts';

/** Addresses; `users` become `collection/name`, for example `forwardingRules/a0123` or `instances/gke-1`. */
export function parseAddresses(value: unknown): Parsed<readonly CloudAddress[]> {
  const reading = new Reading();
  const addresses: CloudAddress[] = [];
  for (const [item, place] of itemsOf(value, 'addresses', reading)) {
    const name = reading.text(item, 'name', place);
    const address = reading.text(item, 'address', place);
    if (name === '' && address === '') {
      reading.note(place, 'neither name nor address; left out');
      continue;
    }
    addresses.push({
      name,
      address,
      region: regionOf(reading.text(item, 'region', place)),
      status: reading.text(item, 'status', place),
      addressType: reading.text(item, 'addressType', place) || 'EXTERNAL',
      users: reading.texts(item, 'users', place).map(userName),
      ...stated('description', reading.text(item, 'description', place)),
      ...stated('purpose', reading.text(item, 'purpose', place)),
      ...created(reading.text(item, 'creationTimestamp', place)),
    });
  }
  return { value: addresses, problems: reading.problems };
}

/** Forwarding rules. */
export function parseForwardingRules(value: unknown): Parsed<readonly ForwardingRule[]> {
  const reading = new Reading();
  const rules: ForwardingRule[] = [];
  for (const [item, place] of itemsOf(value, 'forwardingRules', reading)) {
    const name = reading.text(item, 'name', place);
    if (name === '') {
      reading.note(place, 'a forwarding rule without a name; left out');
      continue;
    }
    rules.push({
      name,
      region: regionOf(reading.text(item, 'region', place)),
      ipAddress: reading.text(item, 'IPAddress', place),
      protocol: reading.text(item, 'IPProtocol', place),
      scheme: reading.text(item, 'loadBalancingScheme', place) || 'EXTERNAL',
      description: reading.text(item, 'description', place),
      ...created(reading.text(item, 'creationTimestamp', place)),
    });
  }
  return { value: rules, problems: reading.problems };
}

function stated<K extends string>(key: K, value: string): Partial<Record<K, string>> {
  return (value === '' ? {} : { [key]: value }) as Partial<Record<K, string>>;
}

function created(timestamp: string): { readonly createdAt?: number } {
  const createdAt = Date.parse(timestamp);
  return Number.isNaN(createdAt) ? {} : { createdAt };
}

/** The Kubernetes Service a forwarding rule or address serves, from the description GKE writes: `namespace/name`. */
export function serviceOfRule(rule: { readonly description: string }): string | undefined {
  const match =
    /"(?:kubernetes\.io|networking\.gke\.io)\/service-name"\s{0,4}:\s{0,4}"([a-z0-9.-]{1,63}\/[a-z0-9.-]{1,253})"/.exec(
      rule.description.slice(0, 2048),
    );
  return match?.[1];
}

function userName(url: string): string {
  const collection = urlName(url.slice(0, Math.max(0, url.lastIndexOf('/'))));
  return collection === '' ? url : `${collection}/${urlName(url)}`;
}

/** The Ingress that a forwarding rule or address serves, in the same way. */
export function ingressOfRule(rule: { readonly description: string }): string | undefined {
  const match = /"kubernetes\.io\/ingress-name"\s{0,4}:\s{0,4}"([a-z0-9.-]{1,63}\/[a-z0-9.-]{1,253})"/.exec(
    rule.description.slice(0, 2048),
  );
  return match?.[1];
}
