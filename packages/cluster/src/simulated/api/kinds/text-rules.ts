/** Texts in specs that have rules of their own. Source: `k8s.io/apimachinery/pkg/util/validation`. */
import type { Json } from '../../../model/unknown-json.ts';
import {
  dnsSubdomainErrors,
  labelValueErrors,
  qualifiedNameErrors,
  regexText,
  tooLong,
  type TextRule,
} from '../names.ts';
import { listIn, objectIn, textIn, type Problems } from './problems.ts';

/** Names of container ports. */
export const portNameErrors: TextRule = (text) => [
  ...(text.length > 15 ? [tooLong(15)] : []),
  ...(/^[-a-z0-9]+$/.test(text) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(text) ? [] : ['must contain at least one letter (a-z)']),
  ...(text.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(text) ? ['must not begin or end with a hyphen'] : []),
];

/** Keys of ConfigMaps and Secrets. */
export const configKeyErrors: TextRule = (text) => [
  ...(text.length > 253 ? [tooLong(253)] : []),
  ...(/^[-._a-zA-Z0-9]+$/.test(text)
    ? []
    : [
        regexText(
          "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
          '[-._a-zA-Z0-9]+',
          'key.name',
          'KEY_NAME',
          'key-name',
        ),
      ]),
  ...(text === '.' || text === '..'
    ? [`must not be '${text}'`]
    : text.startsWith('..')
      ? ["must not start with '..'"]
      : []),
];

/** Names of environment variables, as taken since 1.34. */
export const variableNameErrors: TextRule = (text) =>
  /^[\x20-\x3c\x3e-\x7e]*$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

const PERCENT = regexText(
  "a valid percent string must be a numeric string followed by an ending '%'",
  '[0-9]+%',
  '1%',
  '93%',
);

/** A number or percentage that is not negative. */
export function checkCount(problems: Problems, field: string, value: unknown): void {
  if (typeof value === 'number') problems.nonNegative(field, value);
  else if (typeof value === 'string' && !/^[0-9]+%$/.test(value)) problems.invalid(field, value, PERCENT);
}

/** A percentage of at most the whole. */
export function checkShare(problems: Problems, field: string, value: unknown): void {
  if (percentOf(value) > 100) problems.invalid(field, value, 'must not be greater than 100%');
}

function percentOf(value: unknown): number {
  return typeof value === 'string' && /^[0-9]+%$/.test(value) ? Number.parseInt(value, 10) : 0;
}

/** The number that a count stands for, be it a number or a percentage. */
export function countIn(value: unknown): number {
  return typeof value === 'number' ? value : percentOf(value);
}

/** A port by number or name. */
export function checkPort(problems: Problems, field: string, value: unknown): void {
  if (typeof value === 'string') problems.text(field, value, portNameErrors);
  else problems.between(field, value ?? 0, 1, 65_535);
}

export function checkIp(problems: Problems, field: string, value: unknown): void {
  if (!isIp(String(value ?? '')))
    problems.invalid(field, value ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)');
}

/** IPv4 in four numbers, or IPv6 in its hexadecimal form. */
export function isIp(text: string): boolean {
  const parts = text.split('.');
  if (parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return true;
  const groups = text.split(':');
  const isShort = text.includes('::');
  if (groups.length < 3 || groups.length > 8 + (isShort ? 1 : 0) || text.split('::').length > 2) return false;
  return (isShort || groups.length === 8) && groups.every((group) => /^[0-9a-fA-F]{0,4}$/.test(group));
}

/** Labels, or a plain map of them as selector. */
export function checkLabels(problems: Problems, field: string, labels: Json | undefined): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    problems.text(field, key, qualifiedNameErrors);
    problems.text(field, value, labelValueErrors);
  }
}

/** A label selector. Source: `ValidateLabelSelector`. */
export function checkLabelSelector(problems: Problems, field: string, selector: Json | undefined): void {
  checkLabels(problems, `${field}.matchLabels`, objectIn(selector, 'matchLabels'));
  for (const [at, requirement] of listIn(selector, 'matchExpressions').entries()) {
    const place = `${field}.matchExpressions[${at}]`;
    checkOperator(problems, place, requirement);
    problems.text(`${place}.key`, requirement['key'], qualifiedNameErrors);
    for (const [index, value] of ((requirement['values'] ?? []) as readonly unknown[]).entries())
      problems.text(`${place}.values[${index}]`, value, labelValueErrors);
  }
}

function checkOperator(problems: Problems, place: string, requirement: Json): void {
  const operator = textIn(requirement, 'operator');
  if (!checkValueCount(problems, place, requirement))
    problems.invalid(`${place}.operator`, operator, 'not a valid selector operator');
}

/** Some operators need values, others must have none; whether it is one of them. */
export function checkValueCount(problems: Problems, place: string, requirement: Json): boolean {
  const operator = textIn(requirement, 'operator');
  const values = (requirement['values'] ?? []) as readonly unknown[];
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      problems.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0)
      problems.forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else return false;
  return true;
}

/** Whether a selector asks for nothing. */
export function isEmptySelector(selector: Json): boolean {
  return (
    Object.keys(objectIn(selector, 'matchLabels') ?? {}).length + listIn(selector, 'matchExpressions').length === 0
  );
}

/** A reference to an object by name, where one is needed. */
export function checkReference(problems: Problems, field: string, name: unknown): void {
  if (name === undefined || name === '') problems.required(field);
  else problems.text(field, name, dnsSubdomainErrors);
}
