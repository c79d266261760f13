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
const ABOUT_A_SECRET =
  /(?:file|path|dir|name|ref|expiry|expires?|expiration|ttl|timeout|interval|seconds|minutes|hours|days|age|enabled|disabled|length|size|count|limit|min|max|rotation|url|uri|host|port|type|kind|policy|version|mount|header|prefix|issuer|audience|algorithm|alg|format|method|mode|provider|backend|store|namespace)$/i;
/** Flags, small numbers, durations, paths and references; `[redacted]` so that redaction happens once. */
const HARMLESS_VALUE =
  /^(?:|true|false|yes|no|on|off|none|null|nil|\d{1,3}|\d{1,6}(?:\.\d{1,3})?(?:ms|s|m|h|d)|\/[\w./-]*|\$\([A-Za-z_][\w.-]*\)|\$\{[^}]*\}|\[redacted\])$/i;

/**
 * Texts that are secrets wherever they stand. The first group, where there is one, is kept. Every pattern either starts at a
 * place it can start from only once per run of characters or is bounded, so that no text costs time squared.
 */
const SECRET_TEXTS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
  /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}/g,
  /\bAIza[\w-]{35}|\bya29\.[\w-]{20,}|\bhvs\.[\w-]{20,}|\bnpm_[A-Za-z0-9]{30,}/g,
  /(?<![\w-])sk-(?:(?:proj|ant|svcacct|admin)-[\w-]{20,}|[A-Za-z0-9]{32,})/g,
  /(\bhooks\.slack\.com\/services\/)\w[\w/]{8,}/g,
  // Credentials in URLs.
  /((?:[a-z][a-z0-9+.-]{1,20}):\/\/[^\s:@/?#]{0,128}:)(?!\[redacted\]@)[^\s@/?#]{1,512}(?=@)/gi,
  // `Basic dXNlcjpwYXNz`, but not `Basic authentication`.
  /(\b(?:[Bb]earer|[Bb]asic|BEARER|BASIC)\s{1,8})(?=[A-Za-z0-9+/_.=-]{1,512}?[A-Z0-9+/_=])[A-Za-z0-9+/_.=-]{12,}/g,
  // `password=…`, `"token":"…"`, `password: "…"`.
  assigned(String.raw`(?:["']?\s{0,8}=\s{0,8}["']?|["']\s{0,8}:\s{0,8}["']|:["'])`, String.raw`[^\s"',;&}]{4,}`),
  // `password: …` alone on its line, as in YAML.
  assigned(
    String.raw`["']?[ \t]{0,8}:[ \t]{1,8}["']?`,
    String.raw`[^\s"'|>][^\s"']{3,}(?=["']?[ \t]{0,8}$)`,
    String.raw`^[ \t-]{0,80}["']?[\w.-]{0,64}`,
  ),
  // The same inside prose, where what follows must look like more than a word: `token: unexpected status` is none.
  assigned(
    String.raw`:[ \t]{0,8}`,
    String.raw`(?=[^\s]{0,64}\d)(?![a-z]{2,10}:\/\/)(?=[^\s]{0,64}[A-Za-z])[^\s"',;&}]{6,}`,
  ),
  // `mysql --password hunter2` in one string.
  /(--?[a-z-]{0,40}(?:password|passwd|token|api-?key)[ \t]{1,4})(?!-|\[redacted\]|[$<{*])[^\s"',;&}]{4,}/gi,
];

/** `‹before›‹name of a secret›‹separator›‹value›` that is no placeholder, flag or reference. */
function assigned(separator: string, value: string, before = ''): RegExp {
  const name = String.raw`(?:pass(?:word|wd|phrase)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)`;
  const harmless = String.raw`(?!\[redacted\]|[$<*]|\{\{|(?:true|false|null|none|nil|undefined)\b)`;
  return new RegExp(`(${before}${name}${separator})${harmless}${value}`, 'gim');
}

/** One cheap look that nearly every text passes, so that the patterns above run on few. */
const SUSPICIOUS =
  /private key|eyj[\w-]{8}|(?:akia|asia)[a-z0-9]{16}|gh[pousr]_|github_pat|glpat|xox[abprs]-|aiza|ya29|sk-[a-z0-9]|hvs\.|npm_|hooks\.slack|:\/\/[^\s/]*@|bearer|basic\s|passw|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key/i;

/** Masks secrets inside free text; `count` receives how many. Masking twice changes nothing. */
export function redactText(text: string, count: (masked: number) => void): string {
  if (!SUSPICIOUS.test(text)) return text;
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
  counts.secretValues += keys.filter((key) => data[key] !== MASK).length;
  if (keys.length > 0 || secret['data'] !== undefined)
    secret['data'] = Object.fromEntries(keys.map((key) => [key, MASK]));
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
  const template =
    ((spec['jobTemplate'] as Json | undefined)?.['spec'] as Json | undefined)?.['template'] ?? spec['template'];
  if (typeof template !== 'object' || template === null) return;
  const { metadata, spec: podSpec } = template as { metadata?: Json; spec?: Json };
  if (isRecord(metadata)) redactStrings(metadata['annotations'], 'annotations', counts);
  if (isRecord(podSpec)) redactPodSpec(podSpec, counts);
}

function redactPodSpec(spec: Json | undefined, counts: RedactionCounts): void {
  if (spec === undefined) return;
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'] as const) {
    const containers = spec[list];
    if (Array.isArray(containers))
      for (const container of containers) if (isRecord(container)) redactContainer(container, counts);
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
    if (typeof previous === 'string' && takesValue(previous, word) && isSensitive(previous, word)) {
      words[i] = MASK;
      counts.args++;
    } else words[i] = redactText(word, (masked) => (counts.args += masked));
  }
}

/** A flag that stands alone, followed by what is no flag itself: `--no-password --verbose` has no secret. */
function takesValue(flag: string, word: string): boolean {
  return !word.startsWith('-') && /^--?[A-Za-z][\w.-]*$/.test(flag) && !flag.startsWith('--no-');
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
