/** ConfigMaps and Secrets. Source: `pkg/apis/core/validation`. */
import { entryOf, type Json } from '../../../model/unknown-json.ts';
import { sameJson } from '../../../snapshot/diff.ts';
import { IMMUTABLE, objectIn, textIn, type Problems } from './problems.ts';
import { configKeyErrors } from './text-rules.ts';
import type { Check, CheckUpdate } from './validation-rule.ts';

const MOST_BYTES = 1_048_576;
const FROZEN = 'field is immutable when `immutable` is set';

function sizeOf(data: Json): number {
  return Object.values(data).reduce<number>((sum, value) => sum + String(value).length, 0);
}

export const checkConfigMap: Check = (problems, configMap) => {
  const [data, binary] = [objectIn(configMap, 'data') ?? {}, objectIn(configMap, 'binaryData') ?? {}];
  for (const key in data) {
    problems.text(`data[${key}]`, key, configKeyErrors);
    if (Object.hasOwn(binary, key)) problems.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
  }
  for (const key in binary) problems.text(`binaryData[${key}]`, key, configKeyErrors);
  if (sizeOf(data) + (sizeOf(binary) * 3) / 4 > MOST_BYTES) problems.tooLong('', MOST_BYTES);
};

function checkFrozen(problems: Problems, now: Json, before: Json, fields: readonly string[]): void {
  if (before['immutable'] !== true) return;
  if (now['immutable'] !== true) problems.forbidden('immutable', FROZEN);
  for (const field of fields) if (!sameJson(now[field] ?? {}, before[field] ?? {})) problems.forbidden(field, FROZEN);
}

export const checkConfigMapUpdate: CheckUpdate = (problems, configMap, previous) => {
  checkFrozen(problems, configMap, previous, ['data', 'binaryData']);
  checkConfigMap(problems, configMap);
};

/** What each type of Secret must hold. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export const checkSecret: Check = (problems, secret) => {
  const data = objectIn(secret, 'data') ?? {};
  for (const key in data) problems.text(`data[${key}]`, key, configKeyErrors);
  if ((sizeOf(data) * 3) / 4 > MOST_BYTES) problems.tooLong('data', MOST_BYTES);
  const type = textIn(secret, 'type');
  for (const key of entryOf(NEEDED, type) ?? []) if (data[key] === undefined) problems.required(`data[${key}]`);
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    problems.required('data[username]');
    problems.required('data[password]');
  }
  const annotations = objectIn(objectIn(secret, 'metadata'), 'annotations');
  if (
    type === 'kubernetes.io/service-account-token' &&
    textIn(annotations, 'kubernetes.io/service-account.name') === ''
  )
    problems.required('metadata.annotations[kubernetes.io/service-account.name]');
};

export const checkSecretUpdate: CheckUpdate = (problems, secret, previous) => {
  if (secret['type'] !== previous['type']) problems.invalid('type', secret['type'], IMMUTABLE);
  checkFrozen(problems, secret, previous, ['data']);
  checkSecret(problems, secret);
};
