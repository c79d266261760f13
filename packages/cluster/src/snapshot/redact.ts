/**
 * Takes secrets out of objects before anything else sees them. Secret values never enter a snapshot; what looks like a
 * secret in env, args, annotations, ConfigMaps, custom resources, messages and logs is masked, and every mask is counted.
 */
import { KIND_GROUPS, type KindMap } from '../model/kinds.ts';
import { isRecord } from '../model/unknown-json.ts';
import { isSensitive, isSuspicious, MASK, SECRET_TEXTS } from './secret-patterns.ts';

/** How many values were masked, by where they stood. */
export type RedactionCounts = { [Place in RedactionPlace]: number };
/** `fields` are those of custom resources, volume attributes and the like. */
export type RedactionPlace =
  'secretValues' | 'env' | 'args' | 'annotations' | 'configMaps' | 'fields' | 'messages' | 'logs';

export function noRedactions(): RedactionCounts {
  return { secretValues: 0, env: 0, args: 0, annotations: 0, configMaps: 0, fields: 0, messages: 0, logs: 0 };
}

type Json = Record<string, unknown>;

/** Masks secrets inside free text; `count` receives how many. Masking twice changes nothing. */
export function redactText(text: string, count: (masked: number) => void): string {
  if (!isSuspicious(text)) return text;
  let masked = 0;
  let result = text;
  for (const pattern of SECRET_TEXTS) {
    result = result.replace(pattern, (...match: unknown[]) => {
      masked++;
      return typeof match[1] === 'string' ? match[1] + MASK : MASK;
    });
  }
  if (masked > 0) count(masked);
  return result;
}

/** Redacts an admitted object in place; the object must not be shared yet. */
export function redactObject(object: Json, group: string, counts: RedactionCounts): void {
  const meta = object['metadata'] as Json;
  const kind = object['kind'];
  if (group === '' && kind === 'Secret') return redactSecret(object, meta, counts);
  redactStrings(meta['annotations'], 'annotations', counts);
  if (group === '' && kind === 'Pod') redactPod(object, counts);
  else if (group === '' && kind === 'ConfigMap') redactStrings(object['data'], 'configMaps', counts);
  else if (group === '' && kind === 'Event') redactField(object, 'message', 'messages', counts);
  else if (KIND_GROUPS[kind as keyof KindMap] === group) redactBuiltIn(object, kind as keyof KindMap, counts);
  else redactCustom(object, group, counts);
}

/** Keeps the key names (they explain missing-key failures) and drops every value, also the copies that tools leave in annotations. */
function redactSecret(secret: Json, meta: Json, counts: RedactionCounts): void {
  const data = { ...(secret['stringData'] as Json | undefined), ...(secret['data'] as Json | undefined) };
  const keys = Object.keys(data);
  counts.secretValues += keys.filter((key) => data[key] !== MASK).length;
  if (keys.length > 0 || secret['data'] !== undefined)
    secret['data'] = Object.fromEntries(keys.map((key) => [key, MASK]));
  if (secret['stringData'] !== undefined) secret['stringData'] = undefined;
  if (meta['annotations'] !== undefined) {
    const values = Object.values(data).filter((value) => typeof value === 'string' && value.length >= 4);
    const kept = Object.entries(meta['annotations'] as Json).filter(
      ([key, value]) => key !== LAST_APPLIED && !isCopy(String(value), values as string[]),
    );
    meta['annotations'] = Object.fromEntries(kept);
    redactStrings(meta['annotations'], 'annotations', counts);
  }
}

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether an annotation repeats a Secret's manifest or one of its values. */
function isCopy(text: string, values: readonly string[]): boolean {
  return (
    /["'](?:data|stringData)["']\s{0,8}:/.test(text) || values.some((value) => value !== MASK && text.includes(value))
  );
}

function redactPod(pod: Json, counts: RedactionCounts): void {
  const spec = pod['spec'] as Json | undefined;
  const values = sensitiveValues(spec);
  redactPodSpec(spec, counts);
  const status = pod['status'] as Json | undefined;
  if (status === undefined) return;
  if (values.length > 0) withoutEchoes(status, values, counts);
  redactField(status, 'message', 'messages', counts);
  redactConditions(status, counts);
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const) {
    for (const container of (status[list] ?? []) as Json[]) {
      redactState(container['state'] as Json | undefined, counts);
      redactState(container['lastState'] as Json | undefined, counts);
    }
  }
}

/** Shorter ones stand in a message by chance. */
const SHORTEST_ECHO = 8;

/** Values of environment variables that tell of a secret, the longest first. */
function sensitiveValues(spec: Json | undefined): readonly string[] {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => itemsOf(spec?.[list]));
  return containers
    .flatMap(({ env }) => itemsOf(env))
    .flatMap(({ name, value }) =>
      typeof name === 'string' && typeof value === 'string' && value.length >= SHORTEST_ECHO && isSensitive(name, value)
        ? [value]
        : [],
    )
    .sort((a, b) => b.length - a.length);
}

function itemsOf(list: unknown): readonly Json[] {
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** Programs say in their last words which token was refused, and no pattern knows it. */
function withoutEchoes(status: Json, values: readonly string[], counts: RedactionCounts): void {
  const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
  const states = lists.flatMap((list) => itemsOf(status[list])).flatMap(({ state, lastState }) => [state, lastState]);
  const ends = states.filter(isRecord).flatMap(({ waiting, terminated }) => [waiting, terminated]);
  for (const part of [status, ...itemsOf(status['conditions']), ...ends.filter(isRecord)]) {
    const { message } = part;
    if (typeof message !== 'string') continue;
    const clean = values.reduce((text, value) => text.replaceAll(value, MASK), message);
    if (clean === message) continue;
    part['message'] = clean;
    counts.messages++;
  }
}

function redactState(state: Json | undefined, counts: RedactionCounts): void {
  if (state === undefined) return;
  for (const phase of ['waiting', 'terminated'] as const) {
    const part = state[phase] as Json | undefined;
    if (part !== undefined) redactField(part, 'message', 'messages', counts);
  }
}

function redactConditions(status: Json, counts: RedactionCounts): void {
  const { conditions } = status;
  if (!Array.isArray(conditions)) return;
  for (const condition of conditions) if (isRecord(condition)) redactField(condition, 'message', 'messages', counts);
}

/** Free texts and open maps of built-in kinds, beside pod templates and conditions. */
const OPEN_PARTS: { readonly [K in keyof KindMap]?: (object: Json, counts: RedactionCounts) => void } = {
  StorageClass: ({ parameters }, counts) => redactStrings(parameters, 'fields', counts),
  PersistentVolume: ({ spec }, counts) => {
    if (isRecord(spec)) redactVolume(spec, counts);
  },
  VolumeAttachment: ({ status }, counts) => {
    if (isRecord(status)) for (const error of Object.values(status)) redactMessage(error, counts);
  },
  ValidatingWebhookConfiguration: redactWebhooks,
  MutatingWebhookConfiguration: redactWebhooks,
};

function redactBuiltIn(object: Json, kind: keyof KindMap, counts: RedactionCounts): void {
  redactTemplates(object['spec'], counts);
  const { status } = object;
  if (isRecord(status)) {
    redactField(status, 'message', 'messages', counts);
    redactConditions(status, counts);
  }
  OPEN_PARTS[kind]?.(object, counts);
}

function redactWebhooks({ webhooks }: Json, counts: RedactionCounts): void {
  if (!Array.isArray(webhooks)) return;
  for (const webhook of webhooks as Json[]) {
    if (isRecord(webhook['clientConfig'])) redactField(webhook['clientConfig'], 'url', 'fields', counts);
  }
}

function redactMessage(owner: unknown, counts: RedactionCounts): void {
  if (isRecord(owner)) redactField(owner, 'message', 'messages', counts);
}

const ENVELOPE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);
/** Groups whose fields name the keys of Secrets (`secretKey: password`); only their free texts are looked through. */
const NAMING_GROUPS: ReadonlySet<string> = new Set(['external-secrets.io', 'secrets-store.csi.x-k8s.io']);

/** Any other kind: pod templates wherever `spec.template` is, then every text of every field. */
function redactCustom(object: Json, group: string, counts: RedactionCounts): void {
  // Schemas describe fields named after secrets, and hold none.
  if (group === 'apiextensions.k8s.io') return;
  redactTemplates(object['spec'], counts);
  const byName = !NAMING_GROUPS.has(group);
  const pending: unknown[] = [];
  for (const key in object) {
    if (ENVELOPE.has(key)) continue;
    const part = object[key];
    if (typeof part === 'string') redactEntry(object, key, byName, counts);
    else pending.push(part);
  }
  // Without recursion, because faked objects may be nested deeper than the stack.
  while (pending.length > 0) {
    const part = pending.pop();
    if (Array.isArray(part)) redactItems(part, counts, pending);
    else if (isRecord(part)) redactEntries(part, byName, counts, pending);
  }
}

function redactItems(items: unknown[], counts: RedactionCounts, pending: unknown[]): void {
  if (items.some((item) => typeof item === 'string')) redactWords(items, 'fields', counts);
  for (const item of items) if (typeof item === 'object') pending.push(item);
}

function redactEntries(owner: Json, byName: boolean, counts: RedactionCounts, pending: unknown[]): void {
  if (byName) redactVariable(owner, 'fields', counts);
  for (const key in owner) {
    const part = owner[key];
    if (typeof part === 'string') redactEntry(owner, key, byName, counts);
    else if (typeof part === 'object') pending.push(part);
  }
}

function redactEntry(owner: Json, key: string, byName: boolean, counts: RedactionCounts): void {
  if (byName) redactString(owner, key, 'fields', counts);
  else redactField(owner, key, 'fields', counts);
}

/** Pod templates of workloads, jobs and CronJobs. */
function redactTemplates(spec: unknown, counts: RedactionCounts): void {
  if (!isRecord(spec)) return;
  const { jobTemplate } = spec;
  if (isRecord(jobTemplate)) redactAnnotations(jobTemplate['metadata'], counts);
  const inner = isRecord(jobTemplate) ? jobTemplate['spec'] : spec;
  const template = isRecord(inner) ? inner['template'] : undefined;
  if (!isRecord(template)) return;
  redactAnnotations(template['metadata'], counts);
  if (isRecord(template['spec'])) redactPodSpec(template['spec'], counts);
}

function redactAnnotations(metadata: unknown, counts: RedactionCounts): void {
  if (isRecord(metadata)) redactStrings(metadata['annotations'], 'annotations', counts);
}

function redactPodSpec(spec: Json | undefined, counts: RedactionCounts): void {
  if (spec === undefined) return;
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'] as const) {
    const containers = spec[list];
    if (Array.isArray(containers))
      for (const container of containers) if (isRecord(container)) redactContainer(container, counts);
  }
  const { volumes } = spec;
  if (Array.isArray(volumes)) for (const volume of volumes) if (isRecord(volume)) redactVolume(volume, counts);
}

/** Attributes that a volume's driver gets. */
function redactVolume({ csi, flexVolume }: Json, counts: RedactionCounts): void {
  if (isRecord(csi)) redactStrings(csi['volumeAttributes'], 'fields', counts);
  if (isRecord(flexVolume)) redactStrings(flexVolume['options'], 'fields', counts);
}

function redactContainer(container: Json, counts: RedactionCounts): void {
  const { env, command, args, lifecycle } = container;
  if (Array.isArray(env)) for (const variable of env) if (isRecord(variable)) redactVariable(variable, 'env', counts);
  if (Array.isArray(command)) redactWords(command, 'args', counts);
  if (Array.isArray(args)) redactWords(args, 'args', counts);
  redactHandler(container['livenessProbe'], counts);
  redactHandler(container['readinessProbe'], counts);
  redactHandler(container['startupProbe'], counts);
  if (!isRecord(lifecycle)) return;
  redactHandler(lifecycle['postStart'], counts);
  redactHandler(lifecycle['preStop'], counts);
}

/** What a probe or a hook runs or sends. */
function redactHandler(handler: unknown, counts: RedactionCounts): void {
  if (!isRecord(handler)) return;
  const { exec, httpGet } = handler;
  if (isRecord(exec) && Array.isArray(exec['command'])) redactWords(exec['command'], 'args', counts);
  if (!isRecord(httpGet)) return;
  redactField(httpGet, 'path', 'args', counts);
  const { httpHeaders } = httpGet;
  if (!Array.isArray(httpHeaders)) return;
  for (const header of httpHeaders) if (isRecord(header)) redactVariable(header, 'args', counts);
}

/** A `{ name, value }` pair: environment variable, header, parameter. */
function redactVariable(variable: Json, place: RedactionPlace, counts: RedactionCounts): void {
  const { name, value } = variable;
  if (typeof name !== 'string' || typeof value !== 'string' || value === '') return;
  if (isSensitive(name, value)) {
    variable['value'] = MASK;
    counts[place]++;
  } else redactField(variable, 'value', place, counts);
}

/** Also `--password hunter2` and `-u admin:hunter2`, where the secret is in the word after the flag. */
function redactWords(words: unknown[], place: RedactionPlace, counts: RedactionCounts): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (typeof word !== 'string') continue;
    const previous = words[i - 1];
    if (typeof previous === 'string' && takesSecret(previous, word)) {
      words[i] = MASK;
      counts[place]++;
    } else words[i] = redactText(word, (masked) => (counts[place] += masked));
  }
}

/** A flag that stands alone, followed by what is no flag itself: `--no-password --verbose` has no secret. */
function takesSecret(flag: string, word: string): boolean {
  if (word.startsWith('-') || !/^--?[A-Za-z][\w.-]*$/.test(flag) || flag.startsWith('--no-')) return false;
  if (flag === '-u' || flag === '--user') return /^[^\s:/]{1,64}:(?!\d+$)[^\s]+$/.test(word);
  return isSensitive(flag, word);
}

function redactStrings(values: unknown, place: RedactionPlace, counts: RedactionCounts): void {
  if (!isRecord(values)) return;
  for (const key in values) redactString(values, key, place, counts);
}

/** One named text, as a whole or where it holds secrets. */
function redactString(owner: Json, key: string, place: RedactionPlace, counts: RedactionCounts): void {
  const value = owner[key];
  if (typeof value !== 'string') return;
  if (isSecretEntry(key, value) || isCompressed(value)) {
    owner[key] = MASK;
    counts[place]++;
  } else redactField(owner, key, place, counts);
}

/** Files of several lines keep what is no secret in them, unless they are one. */
const WHOLE = /(?:password|passwd|token|private[_-]?key|credentials)$/i;

function isSecretEntry(key: string, value: string): boolean {
  const text = value.trim();
  const slash = key.lastIndexOf('/');
  if (slash < 0) return isSensitive(key, text) && (!text.includes('\n') || WHOLE.test(key));
  // `checksum/secret` is a digest, `…/auth-secret` names a Secret; `…/api-token` is one.
  const name = key.slice(slash + 1);
  return !key.startsWith('checksum/') && isSensitive(name, text) && !/secret/i.test(name) && !text.includes('\n');
}

/** Gzip in base64, as Helm and Rancher store manifests: nobody can look inside, so nothing of it stays. */
function isCompressed(value: string): boolean {
  return value.length > 64 && value.startsWith('H4sI') && !/[^A-Za-z0-9+/=\s]/.test(value);
}

function redactField(owner: Json, key: string, place: RedactionPlace, counts: RedactionCounts): void {
  const text = owner[key];
  if (typeof text !== 'string') return;
  const clean = redactText(text, (masked) => (counts[place] += masked));
  if (clean !== text) owner[key] = clean;
}
