/** Holds a cluster against a case, step by step. */
import type { KubeObject } from '../../model/kube-object.ts';
import {
  type ApiRequest,
  type ConformanceCase,
  type ConformanceTarget,
  type Json,
  type RequestStep,
} from './conformance-case.ts';
import { differences } from './expectation.ts';

type Kept = ReadonlyMap<string, unknown>;

/** For what controllers do with new namespaces before anything can run in them, and for informers to see what was given. */
const SETTLE_MS = 1000;

/**
 * Runs a case; a cluster must be new for each.
 * @throws Error that says which step answered what instead
 */
export async function runCase(target: ConformanceTarget, one: ConformanceCase): Promise<void> {
  for (const node of one.nodes ?? []) await target.addNode(node);
  for (const name of one.namespaces ?? ['shop'])
    await make(target, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await target.pass(SETTLE_MS);
  for (const object of one.given ?? []) await make(target, object);
  await target.pass(SETTLE_MS);
  const kept = new Map<string, unknown>();
  for (const [at, step] of one.steps.entries()) {
    if ('passMs' in step) await target.pass(step.passMs);
    else await runStep(target, step, kept, at);
  }
}

async function make(target: ConformanceTarget, object: Json): Promise<void> {
  const { apiVersion, kind, metadata } = object as unknown as KubeObject;
  const { resource, hasStatus } = target.resourceOf({ apiVersion, kind });
  const { name, namespace } = metadata;
  const place = { resource, name, ...(namespace === undefined ? {} : { namespace }) };
  const made = await target.send({ ...place, verb: 'create', body: object });
  if (made.code >= 300) throw new Error(`cannot make ${kind} ${name}: ${JSON.stringify(made.body)}`);
  if (object['status'] === undefined || !hasStatus) return;
  const body = { ...(made.body as Json), status: object['status'] };
  const answer = await target.send({ ...place, verb: 'update', subresource: 'status', body });
  if (answer.code >= 300) throw new Error(`cannot set status of ${kind} ${name}: ${JSON.stringify(answer.body)}`);
}

async function runStep(target: ConformanceTarget, step: RequestStep, kept: Map<string, unknown>, at: number) {
  const request = filledRequest(step, kept);
  const expected = filled(step.expect ?? {}, kept) as NonNullable<RequestStep['expect']>;
  let answer = await target.send(request);
  let wrong = differences(answer, expected);
  let left = step.eventuallyMs ?? 0;
  while (wrong.length > 0 && left > 0) {
    left -= await target.passSome(left);
    answer = await target.send(request);
    wrong = differences(answer, expected);
  }
  for (let stays = step.staysMs ?? 0; wrong.length === 0 && stays > 0;) {
    stays -= await target.passSome(stays);
    wrong = differences(await target.send(request), expected);
  }
  if (wrong.length > 0) throw new Error(`step ${at + 1} (${titleOf(request)}): ${wrong.join('; ')}`);
  if (step.keep !== undefined) kept.set(step.keep, answer.body);
}

function titleOf({ verb, resource, name = '', subresource = '' }: ApiRequest): string {
  return [verb, resource, name, subresource].filter((part) => part !== '').join(' ');
}

function filledRequest(step: RequestStep, kept: Kept): ApiRequest {
  const { verb, resource, namespace, name, subresource, body, patchType, query, user, accept } = step;
  const given = { verb, resource, namespace, name, subresource, body, patchType, query, user, accept };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const request = filled(present, kept) as ApiRequest;
  return step.onto === undefined ? request : { ...request, body: mergePatched(kept.get(step.onto), request.body) };
}

/** A copy in which `${name.path.to.field}` stands for parts of kept answers; alone in a text it keeps its type. */
function filled(value: unknown, kept: Kept): unknown {
  if (typeof value === 'string') return filledText(value, kept);
  if (Array.isArray(value)) return value.map((entry) => filled(entry, kept));
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  return Object.fromEntries(Object.entries(value).map(([field, entry]) => [field, filled(entry, kept)]));
}

function filledText(text: string, kept: Kept): unknown {
  const alone = /^\$\{([^}]+)\}$/.exec(text);
  if (alone !== null) return partOf(kept, alone[1] as string);
  return text.replace(/\$\{([^}]+)\}/g, (_, path: string) => String(partOf(kept, path)));
}

/** `made.items.0.metadata.uid`. */
function partOf(kept: Kept, path: string): unknown {
  const [name = '', ...fields] = path.split('.');
  if (!kept.has(name)) throw new Error(`nothing is kept under ${name}`);
  return fields.reduce<unknown>((value, field) => (value as Json | undefined)?.[field], kept.get(name));
}

/** RFC 7386. */
function mergePatched(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const before = typeof target === 'object' && target !== null && !Array.isArray(target) ? (target as Json) : {};
  const fields = Object.keys({ ...before, ...patch }).filter((field) => (patch as Json)[field] !== null);
  return Object.fromEntries(
    fields.map((field) => [
      field,
      field in patch ? mergePatched(before[field], (patch as Json)[field]) : before[field],
    ]),
  );
}
