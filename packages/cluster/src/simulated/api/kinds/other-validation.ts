/** Kinds of which little can be wrong. Source: `pkg/apis/{admissionregistration,coordination,discovery,networking,node}/validation`. */
import type { Json } from '../../../model/unknown-json.ts';
import { dnsLabelErrors, dnsSubdomainErrors } from '../names.ts';
import { IMMUTABLE, listIn, objectIn, textIn, type Problems } from './problems.ts';
import { isIp } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const ADDRESS_TYPES = ['FQDN', 'IPv4', 'IPv6'];

export const checkEndpointSlice: Check = (problems, slice) => {
  problems.oneOf('addressType', slice['addressType'], ADDRESS_TYPES);
  for (const [at, endpoint] of listIn(slice, 'endpoints').entries()) {
    const addresses = listIn(endpoint, 'addresses') as readonly unknown[];
    if (addresses.length === 0) problems.required(`endpoints[${at}].addresses`, 'must contain at least 1 address');
    for (const [index, address] of addresses.entries())
      checkAddress(problems, `endpoints[${at}].addresses[${index}]`, String(address), slice['addressType']);
  }
  const known = new Set<string>();
  for (const [at, port] of listIn(slice, 'ports').entries()) {
    const name = textIn(port, 'name');
    if (known.has(name)) problems.duplicate(`ports[${at}].name`, name);
    known.add(name);
    problems.oneOf(`ports[${at}].protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP']);
  }
};

function checkAddress(problems: Problems, field: string, address: string, type: unknown): void {
  if (type === 'FQDN') problems.text(field, address, dnsSubdomainErrors);
  else if (type === 'IPv4' && !(isIp(address) && !address.includes(':')))
    problems.invalid(field, address, 'must be a valid IPv4 address');
  else if (type === 'IPv6' && !(isIp(address) && address.includes(':')))
    problems.invalid(field, address, 'must be a valid IPv6 address');
}

export const checkEndpointSliceUpdate: CheckUpdate = (problems, slice, previous) => {
  checkEndpointSlice(problems, slice);
  if (slice['addressType'] !== previous['addressType'])
    problems.invalid('addressType', slice['addressType'], IMMUTABLE);
};

export const checkLease: Check = (problems, lease) => {
  const { leaseDurationSeconds: seconds, leaseTransitions: transitions } = objectIn(lease, 'spec') ?? {};
  if (typeof seconds === 'number' && seconds <= 0)
    problems.invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0');
  if (typeof transitions === 'number' && transitions < 0)
    problems.invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0');
};

export const checkIngressClass: Check = (problems, ingressClass) => {
  const controller = textIn(objectIn(ingressClass, 'spec'), 'controller');
  if (controller === '') problems.required('spec.controller');
};

export const checkIngressClassUpdate: CheckUpdate = (problems, ingressClass, previous) => {
  checkIngressClass(problems, ingressClass);
  const controllerOf = (object: Json) => objectIn(object, 'spec')?.['controller'];
  if (controllerOf(ingressClass) !== controllerOf(previous))
    problems.invalid('spec.controller', controllerOf(ingressClass), IMMUTABLE);
};

export const checkRuntimeClass: Check = (problems, runtimeClass) =>
  problems.text('handler', runtimeClass['handler'], dnsLabelErrors);

export const checkRuntimeClassUpdate: CheckUpdate = (problems, runtimeClass, previous) => {
  if (runtimeClass['handler'] !== previous['handler']) problems.invalid('handler', runtimeClass['handler'], IMMUTABLE);
};

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

export const checkWebhooks: Check = (problems, configuration) => {
  const names = new Set<string>();
  for (const [at, webhook] of listIn(configuration, 'webhooks').entries()) {
    const place = `webhooks[${at}]`;
    const name = textIn(webhook, 'name');
    checkWebhookName(problems, `${place}.name`, name);
    if (names.has(name)) problems.duplicate(`${place}.name`, name);
    names.add(name);
    checkWebhook(problems, place, webhook);
  }
};

function checkWebhookName(problems: Problems, field: string, name: string): void {
  if (name === '') return problems.required(field);
  problems.text(field, name, dnsSubdomainErrors);
  if (name.split('.').length < 3)
    problems.invalid(field, name, 'should be a domain with at least three segments separated by dots');
}

function checkWebhook(problems: Problems, place: string, webhook: Json): void {
  if (listIn(webhook, 'admissionReviewVersions').length === 0)
    problems.required(`${place}.admissionReviewVersions`, 'must specify one of v1, v1beta1');
  for (const [at, rule] of listIn(webhook, 'rules').entries()) {
    const where = `${place}.rules[${at}]`;
    for (const field of ['operations', 'apiGroups', 'apiVersions', 'resources'])
      if (listIn(rule, field).length === 0) problems.required(`${where}.${field}`);
    for (const [index, operation] of (listIn(rule, 'operations') as readonly unknown[]).entries())
      if (!OPERATIONS.includes(String(operation)))
        problems.notSupported(`${where}.operations[${index}]`, operation, OPERATIONS);
  }
  const policy = webhook['failurePolicy'];
  if (policy !== 'Fail' && policy !== 'Ignore')
    problems.notSupported(`${place}.failurePolicy`, policy, ['Fail', 'Ignore']);
  if (webhook['sideEffects'] === undefined)
    problems.required(`${place}.sideEffects`, 'must specify one of None, NoneOnDryRun');
  else if (webhook['sideEffects'] !== 'None' && webhook['sideEffects'] !== 'NoneOnDryRun')
    problems.notSupported(`${place}.sideEffects`, webhook['sideEffects'], ['None', 'NoneOnDryRun']);
  const seconds = webhook['timeoutSeconds'];
  if (typeof seconds === 'number' && (seconds > 30 || seconds < 1))
    problems.invalid(`${place}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds');
  const { url, service } = objectIn(webhook, 'clientConfig') ?? {};
  if ((url === undefined) === (service === undefined))
    problems.required(`${place}.clientConfig`, 'exactly one of url or service is required');
}
