/** Whether an answer is what a case expects; says what differs otherwise. */
import { ABSENT, type Answer, type Expectation } from './conformance-case.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with an answer; nothing when it is as expected. */
export function differences(answer: Answer, expected: Expectation): readonly string[] {
  const body = answer.body as Fields | undefined;
  const items = (body?.['items'] ?? []) as readonly unknown[];
  const found: string[] = [];
  if (expected.code === undefined ? answer.code >= 400 : answer.code !== expected.code)
    found.push(`code ${answer.code} instead of ${expected.code ?? 'success'}: ${shown(body)}`);
  if (expected.reason !== undefined) found.push(...mismatches(body?.['reason'], expected.reason, 'reason'));
  if (expected.message !== undefined) found.push(...mismatches(body?.['message'], expected.message, 'message'));
  if (expected.body !== undefined) found.push(...mismatches(body, expected.body, 'body'));
  if (expected.count !== undefined) found.push(...mismatches(items.length, expected.count, 'items.length'));
  if (expected.names !== undefined) found.push(...mismatches(items.map(nameOf), expected.names, 'names'));
  if (expected.events !== undefined) found.push(...mismatches(answer.body, expected.events, 'events'));
  for (const wanted of expected.some ?? [])
    if (!items.some((item) => mismatches(item, wanted, '').length === 0))
      found.push(`no item like ${shown(wanted)} in ${shown(items)}`);
  for (const unwanted of expected.none ?? [])
    if (items.some((item) => mismatches(item, unwanted, '').length === 0))
      found.push(`an item like ${shown(unwanted)}`);
  return found;
}

/** Where a value has not at least what is expected. */
function mismatches(value: unknown, expected: unknown, path: string): readonly string[] {
  if (expected === ABSENT) return value === undefined ? [] : [`${path} is ${shown(value)} instead of absent`];
  if (expected instanceof RegExp)
    return typeof value === 'string' && expected.test(value)
      ? []
      : [`${path} is ${shown(value)} instead of ${expected}`];
  if (Array.isArray(expected)) return arrayMismatches(value, expected, path);
  if (typeof expected === 'object' && expected !== null) return objectMismatches(value, expected as Fields, path);
  return Object.is(value, expected) ? [] : [`${path} is ${shown(value)} instead of ${shown(expected)}`];
}

function arrayMismatches(value: unknown, expected: readonly unknown[], path: string): readonly string[] {
  if (!Array.isArray(value)) return [`${path} is ${shown(value)} instead of a list`];
  if (value.length !== expected.length)
    return [`${path} has ${value.length} entries instead of ${expected.length}: ${shown(value)}`];
  return expected.flatMap((entry, at) => mismatches(value[at], entry, `${path}[${at}]`));
}

function objectMismatches(value: unknown, expected: Fields, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path} is ${shown(value)} instead of an object`];
  return Object.entries(expected).flatMap(([field, wanted]) =>
    mismatches((value as Fields)[field], wanted, `${path}.${field}`),
  );
}

function nameOf(item: unknown): unknown {
  return ((item as Fields)['metadata'] as Fields | undefined)?.['name'];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}
