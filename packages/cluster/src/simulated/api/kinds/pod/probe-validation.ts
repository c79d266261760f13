/** Probes and hooks. Source: `validateProbe`, `validateHandler` in `pkg/apis/core/validation`. */
import type { Json } from '../../../../model/unknown-json.ts';
import { regexText } from '../../names.ts';
import { listIn, objectIn, textIn, type Problems } from '../problems.ts';
import { checkPort } from '../text-rules.ts';

const COUNTS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];
const HEADER = regexText(
  "a valid HTTP header must consist of alphanumeric characters or '-'",
  '[-A-Za-z0-9]+',
  'X-Header-Name',
);

/** Where a container has probes and hooks, with the pod's grace period. */
export function checkProbes(problems: Problems, place: string, container: Json, graceSeconds: unknown): void {
  const lifecycle = objectIn(container, 'lifecycle');
  for (const hook of ['postStart', 'preStop'])
    if (objectIn(lifecycle, hook) !== undefined)
      checkHandler(problems, `${place}.lifecycle.${hook}`, objectIn(lifecycle, hook) as Json, graceSeconds);
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = objectIn(container, name);
    if (probe !== undefined) checkProbe(problems, `${place}.${name}`, probe, name);
  }
}

function checkProbe(problems: Problems, place: string, probe: Json, name: string): void {
  checkHandler(problems, place, probe, undefined);
  for (const field of COUNTS) problems.nonNegative(`${place}.${field}`, probe[field]);
  const grace = probe['terminationGracePeriodSeconds'];
  if (typeof grace === 'number' && grace <= 0)
    problems.invalid(`${place}.terminationGracePeriodSeconds`, grace, 'must be greater than 0');
  if (name === 'readinessProbe') {
    if (grace !== undefined)
      problems.invalid(`${place}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes');
  } else if (probe['successThreshold'] !== 1)
    problems.invalid(`${place}.successThreshold`, probe['successThreshold'], 'must be 1');
}

type CheckAction = (problems: Problems, place: string, action: Json, graceSeconds: unknown) => void;

const ACTIONS: Readonly<Record<string, CheckAction>> = {
  exec: (problems, place, action) => {
    if (listIn(action, 'command').length === 0) problems.required(`${place}.command`);
  },
  httpGet: (problems, place, action) => {
    if (textIn(action, 'path') === '') problems.required(`${place}.path`);
    checkPort(problems, `${place}.port`, action['port']);
    if (!['HTTP', 'HTTPS'].includes(textIn(action, 'scheme')))
      problems.notSupported(`${place}.scheme`, action['scheme'], ['HTTP', 'HTTPS']);
    for (const { name } of listIn(action, 'httpHeaders'))
      if (!/^[-A-Za-z0-9]+$/.test(String(name))) problems.invalid(`${place}.httpHeaders`, name, HEADER);
  },
  tcpSocket: (problems, place, action) => checkPort(problems, `${place}.port`, action['port']),
  grpc: (problems, place, action) => checkPort(problems, `${place}.port`, action['port']),
  sleep: (problems, place, { seconds }, graceSeconds) => {
    const [length, grace] = [Number(seconds ?? 0), Number(graceSeconds ?? Infinity)];
    if (length >= 0 && length <= grace) return;
    problems.invalid(
      place,
      length,
      `must be non-negative and less than terminationGracePeriodSeconds (${String(graceSeconds)})`,
    );
  },
};

function checkHandler(problems: Problems, place: string, handler: Json, graceSeconds: unknown): void {
  let isGiven = false;
  for (const name in ACTIONS) {
    const action = objectIn(handler, name);
    if (action === undefined) continue;
    if (isGiven) problems.forbidden(`${place}.${name}`, 'may not specify more than 1 handler type');
    else (ACTIONS[name] as CheckAction)(problems, `${place}.${name}`, action, graceSeconds);
    isGiven = true;
  }
  if (!isGiven) problems.required(place, 'must specify a handler type');
}
