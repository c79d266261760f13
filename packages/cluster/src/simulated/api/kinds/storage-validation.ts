/** Claims, volumes and their classes. Source: `pkg/apis/core/validation`, `pkg/apis/storage/validation`. */
import type { Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { dnsSubdomainErrors } from '../names.ts';
import { checkNodeSelector } from './pod/placement-validation.ts';
import { IMMUTABLE, listIn, objectIn, textIn, type Problems } from './problems.ts';
import { amountOf, checkPositive } from './resources-validation.ts';
import { specDiff } from './spec-diff.ts';
import { checkLabelSelector } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

function checkAccessModes(problems: Problems, field: string, spec: Json, missing: string): void {
  const modes = listIn(spec, 'accessModes') as readonly unknown[];
  if (modes.length === 0) problems.required(field, missing);
  for (const mode of modes)
    if (!ACCESS_MODES.includes(mode as string)) problems.notSupported(field, mode, ACCESS_MODES);
  if (modes.includes('ReadWriteOncePod') && modes.length > 1)
    problems.forbidden(field, 'may not use ReadWriteOncePod with other access modes');
}

export function checkClaimSpec(problems: Problems, field: string, spec: Json): void {
  checkAccessModes(problems, `${field}.accessModes`, spec, 'at least 1 access mode is required');
  checkLabelSelector(problems, `${field}.selector`, objectIn(spec, 'selector'));
  const storage = objectIn(objectIn(spec, 'resources'), 'requests')?.['storage'];
  if (storage === undefined) problems.required(`${field}.resources[storage]`);
  else checkPositive(problems, `${field}.resources[storage]`, storage);
  if (textIn(spec, 'storageClassName') !== '')
    problems.text(`${field}.storageClassName`, spec['storageClassName'], dnsSubdomainErrors);
  if (spec['volumeMode'] !== 'Filesystem' && spec['volumeMode'] !== 'Block')
    problems.notSupported(`${field}.volumeMode`, spec['volumeMode'], ['Block', 'Filesystem']);
}

export const checkClaim: Check = (problems, claim) => checkClaimSpec(problems, 'spec', objectIn(claim, 'spec') ?? {});

/** Bound claims may grow; all else stays. */
export const checkClaimUpdate: CheckUpdate = (problems, claim, previous) => {
  checkClaim(problems, claim);
  const [now, before] = [objectIn(claim, 'spec') ?? {}, objectIn(previous, 'spec') ?? {}];
  const isBound = objectIn(claim, 'status')?.['phase'] === 'Bound';
  const kept: Record<string, unknown> = { ...now };
  if (isBound) {
    kept['resources'] = withStorage(objectIn(now, 'resources') ?? {}, storageOf(before));
    if (now['volumeAttributesClassName'] !== undefined)
      kept['volumeAttributesClassName'] = before['volumeAttributesClassName'];
  }
  if (textIn(before, 'volumeName') === '') kept['volumeName'] = before['volumeName'];
  if (before['storageClassName'] === undefined) kept['storageClassName'] = before['storageClassName'];
  if (!sameJson(kept, before))
    problems.forbidden(
      'spec',
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${specDiff('core.PersistentVolumeClaimSpec', before, kept)}`,
    );
  const [size, had] = [amountOf(storageOf(now)), amountOf(storageOf(before))];
  const capacity = amountOf(objectIn(objectIn(previous, 'status'), 'capacity')?.['storage'] ?? 0);
  if (size !== undefined && had !== undefined && size.nano < had.nano && size.nano <= (capacity?.nano ?? 0n))
    problems.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
  if (now['volumeMode'] !== before['volumeMode']) problems.invalid('volumeMode', now['volumeMode'], IMMUTABLE);
};

function storageOf(spec: Json): unknown {
  return objectIn(objectIn(spec, 'resources'), 'requests')?.['storage'];
}

function withStorage(resources: Json, storage: unknown): Json {
  return { ...resources, requests: { ...objectIn(resources, 'requests'), storage } };
}

/** Fields of a volume's spec that say something else than where its bytes are. */
const NO_SOURCE: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function sourceOf(spec: Json): Json {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !NO_SOURCE.has(field)));
}

export const checkVolume: Check = (problems, volume) => {
  const spec = objectIn(volume, 'spec') ?? {};
  checkAccessModes(problems, 'spec.accessModes', spec, '');
  const capacity = objectIn(spec, 'capacity') ?? {};
  if (Object.keys(capacity).length === 0) problems.required('spec.capacity');
  else if (capacity['storage'] === undefined || Object.keys(capacity).length > 1)
    problems.notSupported('spec.capacity', capacity, ['storage']);
  for (const [name, amount] of Object.entries(capacity)) checkPositive(problems, `spec.capacity[${name}]`, amount);
  const policy = textIn(spec, 'persistentVolumeReclaimPolicy');
  if (policy !== '' && !['Delete', 'Recycle', 'Retain'].includes(policy))
    problems.notSupported('spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']);
  const required = objectIn(objectIn(spec, 'nodeAffinity'), 'required');
  if (spec['nodeAffinity'] !== undefined) {
    if (required === undefined)
      problems.required('spec.nodeAffinity.required', 'must specify required node constraints');
    else checkNodeSelector(problems, 'spec.nodeAffinity.required', required);
  }
  const sources = Object.keys(sourceOf(spec));
  if (sources.length === 0) problems.required('spec', 'must specify a volume type');
  for (const name of sources.slice(1)) problems.forbidden(`spec.${name}`, 'may not specify more than 1 volume type');
  if (sources[0] === 'local' && required === undefined)
    problems.required('spec.nodeAffinity', 'Local volume requires node affinity');
};

export const checkVolumeUpdate: CheckUpdate = (problems, volume, previous) => {
  checkVolume(problems, volume);
  const [now, before] = [objectIn(volume, 'spec') ?? {}, objectIn(previous, 'spec') ?? {}];
  if (!sameJson(sourceOf(now), sourceOf(before)))
    problems.forbidden(
      'spec.persistentvolumesource',
      `spec.persistentvolumesource is immutable after creation\n${specDiff('core.PersistentVolumeSource', sourceOf(before), sourceOf(now))}`,
    );
  if (now['volumeMode'] !== before['volumeMode']) problems.invalid('volumeMode', now['volumeMode'], IMMUTABLE);
  if (before['nodeAffinity'] !== undefined && !sameJson(now['nodeAffinity'], before['nodeAffinity']))
    problems.invalid('spec.nodeAffinity', now['nodeAffinity'], IMMUTABLE);
};

export const checkStorageClass: Check = (problems, storageClass) => {
  if (textIn(storageClass, 'provisioner') === '') problems.required('provisioner');
  const [policy, mode] = [textIn(storageClass, 'reclaimPolicy'), textIn(storageClass, 'volumeBindingMode')];
  if (policy !== 'Delete' && policy !== 'Retain') problems.notSupported('reclaimPolicy', policy, ['Delete', 'Retain']);
  if (mode !== 'Immediate' && mode !== 'WaitForFirstConsumer')
    problems.notSupported('volumeBindingMode', mode, ['Immediate', 'WaitForFirstConsumer']);
};

export const checkStorageClassUpdate: CheckUpdate = (problems, storageClass, previous) => {
  checkStorageClass(problems, storageClass);
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy'])
    if (!sameJson(storageClass[field], previous[field]))
      problems.forbidden(field, `updates to ${field} are forbidden.`);
  if (storageClass['volumeBindingMode'] !== previous['volumeBindingMode'])
    problems.invalid('volumeBindingMode', storageClass['volumeBindingMode'], IMMUTABLE);
};
