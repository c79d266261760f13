/**
 * Takes secrets out of objects before anything else sees them. Secret values never enter a snapshot; what looks like a
 * secret in env, args, annotations, ConfigMaps, messages and logs is masked, and every mask is counted.
 */

/** What replaces a secret. Fixed, so that equal inputs give equal bytes and nothing can be guessed from it. */
export const MASK = '[redacted]';

/** How many values were masked, by where they stood. */
export type RedactionCounts = { [Place in RedactionPlace]: number };
export type RedactionPlace = 'secretValues' | 'env' | 'args' | 'annotations' | 'configMaps' | 'messages' | 'logs';

export function noRedactions(): RedactionCounts {
  return { secretValues: 0, env: 0, args: 0, annotations: 0, configMaps: 0, messages: 0, logs: 0 };
}

type Json = Record<string, unknown>;

const SENSITIVE_NAME =
  /pass(?:word|wd|phrase)|secret|(?:^|[_.-])(?:token|pwd|pw|bearer|credentials?)(?:$|[_.-])|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|(?:auth|access|refresh|bearer|api)[_-]?token|connection[_-]?string|dsn$/i;
/** Names such as `PASSWORD_FILE` or `TOKEN_EXPIRY` speak about a secret without holding one. */
const ABOUT_A_SECRET = /(?:file|path|dir|name|ref|expiry|expires?|ttl|timeout|seconds|enabled|length|rotation|url|host|port|type|policy|version|mount)$/i;
const HARMLESS_VALUE = /^(?:|true|false|yes|no|none|null|\d{1,6}|[\d.]+(?:ms|s|m|h|d)?|\/[\w./-]*|\$\([A-Za-z_][\w.-]*\)|\$\{[^}]*\})$/;

/** Texts that are secrets wherever they stand. The first group, where there is one, is kept. */
const SECRET_TEXTS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}/g,
  /\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bsk-[A-Za-z0-9_-]{20,}|\bhvs\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{30,}/g,
  /((?:[a-z][a-z0-9+.-]{1,20}):\/\/[^\s:@/?#]{0,128}:)[^\s@/?#]{1,512}(?=@)/gi,
  /(\b(?:bearer|basic)\s+)[A-Za-z0-9+/_.=-]{12,}/gi,
  /((?:^|[\s,;&?"'{-])[\w.-]{0,64}(?:pass(?:word|wd)|secret|token|api[_-]?key|access[_-]?key)["']?\s{0,8}(?:=|:)\s{0,8}["']?)(?!\[redacted\]|\$[({])[^\s"',;&}]{4,}/gim,
];
/** One cheap look that nearly every text passes, so that the patterns above run on few. */
const SUSPICIOUS = /private key|eyj|akia|asia|gh[pousr]_|github_pat|glpat|xox|aiza|ya29|sk-|hvs\.|npm_|:\/\/[^\s/]*@|bearer|basic |passw|secret|token|api[_-]?key|access[_-]?key/i;

/** Masks secrets inside free text; `count` receives how many. */
export function redactText(text: string, count: (masked: number) => void): string {
  if (!SUSPICIOUS.test(text)) return text;
  let masked = 0;
  let result = text;
  for (const pattern of SECRET_TEXTS) {
    result = result.replace(pattern, (...match: unknown[]) => {
      masked++;
      return typeof match[1] === 'string' && pattern.flags.includes('i') ? match[1] + MASK : MASK;
    });
  }
  if (masked > 0) count(masked);
  return result;
}

/** Whether a named value is likely a secret: a telling name and a value that is more than a flag, number or path. */
export function isSensitive(name: string, value: string): boolean {
  return SENSITIVE_NAME.test(name) && !ABOUT_A_SECRET.test(name) && !HARMLESS_VALUE.test(value);
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
  else redactTemplates(object['spec'] as Json | undefined, counts);
}

/** Keeps the key names (they explain missing-key failures) and drops every value, also the copy `kubectl apply` leaves. */
function redactSecret(secret: Json, meta: Json, counts: RedactionCounts): void {
  const data = { ...(secret['stringData'] as Json | undefined), ...(secret['data'] as Json | undefined) };
  const keys = Object.keys(data);
  counts.secretValues += keys.length;
  if (keys.length > 0 || secret['data'] !== undefined) secret['data'] = Object.fromEntries(keys.map((key) => [key, MASK]));
  if (secret['stringData'] !== undefined) secret['stringData'] = undefined;
  if (meta['annotations'] !== undefined) {
    const kept = Object.entries(meta['annotations'] as Json).filter(([key]) => key !== LAST_APPLIED);
    meta['annotations'] = Object.fromEntries(kept);
    redactStrings(meta['annotations'], 'annotations', counts);
  }
}

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

function redactPod(pod: Json, counts: RedactionCounts): void {
  redactPodSpec(pod['spec'] as Json | undefined, counts);
  const status = pod['status'] as Json | undefined;
  if (status === undefined) return;
  redactField(status, 'message', 'messages', counts);
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) {
    for (const container of (status[list] ?? []) as Json[]) {
      redactState(container['state'] as Json | undefined, counts);
      redactState(container['lastState'] as Json | undefined, counts);
    }
  }
}

function redactState(state: Json | undefined, counts: RedactionCounts): void {
  if (state === undefined) return;
  for (const phase of ['waiting', 'terminated'] as const) {
    const part = state[phase] as Json | undefined;
    if (part !== undefined) redactField(part, 'message', 'messages', counts);
  }
}

/** Pod templates of workloads, jobs and CronJobs. */
function redactTemplates(spec: Json | undefined, counts: RedactionCounts): void {
  if (typeof spec !== 'object' || spec === null) return;
  const template = ((spec['jobTemplate'] as Json | undefined)?.['spec'] as Json | undefined)?.['template'] ?? spec['template'];
  if (typeof template !== 'object' || template === null) return;
  const { metadata, spec: podSpec } = template as { metadata?: Json; spec?: Json };
  if (isRecord(metadata)) redactStrings(metadata['annotations'], 'annotations', counts);
  if (isRecord(podSpec)) redactPodSpec(podSpec, counts);
}

function redactPodSpec(spec: Json | undefined, counts: RedactionCounts): void {
  if (spec === undefined) return;
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'] as const) {
    const containers = spec[list];
    if (Array.isArray(containers)) for (const container of containers) if (isRecord(container)) redactContainer(container, counts);
  }
}

function redactContainer(container: Json, counts: RedactionCounts): void {
  const env = container['env'];
  if (Array.isArray(env)) for (const variable of env) if (isRecord(variable)) redactVariable(variable, counts);
  for (const list of ['command', 'args'] as const) {
    const words = container[list];
    if (Array.isArray(words)) redactWords(words, counts);
  }
}

function redactVariable(variable: Json, counts: RedactionCounts): void {
  const { name, value } = variable;
  if (typeof name !== 'string' || typeof value !== 'string' || value === '') return;
  if (isSensitive(name, value)) {
    variable['value'] = MASK;
    counts.env++;
  } else redactField(variable, 'value', 'env', counts);
}

/** Also `--password hunter2`, where the secret is the word after the flag. */
function redactWords(words: unknown[], counts: RedactionCounts): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (typeof word !== 'string') continue;
    const previous = words[i - 1];
    if (typeof previous === 'string' && /^--?[\w.-]+$/.test(previous) && isSensitive(previous, word)) {
      words[i] = MASK;
      counts.args++;
    } else words[i] = redactText(word, (masked) => (counts.args += masked));
  }
}

function redactStrings(values: unknown, place: RedactionPlace, counts: RedactionCounts): void {
  if (!isRecord(values)) return;
  for (const key in values) {
    const value = values[key];
    if (typeof value !== 'string') continue;
    if (isSensitive(key, value) && !value.includes('\n') && !key.includes('/')) {
      values[key] = MASK;
      counts[place]++;
    } else redactField(values, key, place, counts);
  }
}

function redactField(owner: Json, key: string, place: RedactionPlace, counts: RedactionCounts): void {
  const text = owner[key];
  if (typeof text !== 'string') return;
  const clean = redactText(text, (masked) => (counts[place] += masked));
  if (clean !== text) owner[key] = clean;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
