/**
 * Label selectors as a URL gives them: `app=web,tier in (front,back),!canary`.
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors;
 * `k8s.io/apimachinery/pkg/labels`, whose words the refusals have.
 */
import { matchesRequirement, type Labels, type Requirement } from '../../model/selector.ts';
import { badRequest, fieldErrorText, type FieldError } from './api-error.ts';
import { labelValueErrors, qualifiedNameErrors } from './names.ts';

/** Whether labels are selected. */
export type LabelMatch = (labels: Labels | undefined) => boolean;

interface Token {
  readonly type: 'sign' | 'keyword' | 'identifier' | 'wrong' | 'end';
  readonly text: string;
}

const SIGNS: readonly string[] = [')', ',', '!', '==', '=', '>', '<', '!=', '('];
const OPERATORS: Readonly<Record<string, string>> = {
  in: 'In',
  notin: 'NotIn',
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  '>': 'Gt',
  '<': 'Lt',
};
const EXPECTED_OPERATORS = 'in, notin, =, ==, !=, gt, lt';
const END: Token = { type: 'end', text: '' };

/**
 * Reads a selector; an empty one selects everything.
 * @throws ApiError 400 with what Kubernetes says of text that is no selector
 */
export function parseLabelSelector(text: string): LabelMatch {
  const requirements = parseRequirements(text);
  return (labels) => requirements.every((requirement) => matchesRequirement(requirement, labels));
}

/** The requirements of a selector, sorted by key. */
export function parseRequirements(text: string): readonly Requirement[] {
  const reader = new TokenReader(tokensOf(text));
  const found: Requirement[] = [];
  for (;;) {
    const { type, text: shown } = reader.next;
    if (type === 'end') break;
    if (!reader.isIdentifier && shown !== '!')
      throw badRequest(`found '${shown}', expected: !, identifier, or 'end of string'`);
    found.push(parseRequirement(reader));
    const after = reader.take();
    if (after.type === 'end') break;
    if (after.text !== ',') throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
    if (!reader.isIdentifier && reader.next.text !== '!')
      throw badRequest(`found '${reader.next.text}', expected: identifier after ','`);
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Tokens with a place in them; past the end there is nothing but the end. */
class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  /** Words such as `in` are names where a name is expected. */
  get isIdentifier(): boolean {
    return this.next.type === 'identifier' || this.next.type === 'keyword';
  }

  get endsRequirement(): boolean {
    return this.next.type === 'end' || this.next.text === ',';
  }

  take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }
}

function parseRequirement(reader: TokenReader): Requirement {
  const isNot = reader.next.text === '!';
  if (isNot) reader.take();
  if (!reader.isIdentifier) refuse(`found '${reader.next.text}', expected: identifier`);
  const key = reader.take().text;
  const wrongKey = qualifiedNameErrors(key);
  if (wrongKey.length > 0) refuse(fieldText('<nil>', key, wrongKey));
  if (isNot || reader.endsRequirement) return { key, operator: isNot ? 'DoesNotExist' : 'Exists' };
  const sign = reader.take().text;
  const operator = OPERATORS[sign];
  if (operator === undefined) return refuse(`found '${sign}', expected: ${EXPECTED_OPERATORS}`);
  const values = sign === 'in' || sign === 'notin' ? parseValues(reader) : [parseValue(reader)];
  return checked({ key, operator, values: [...new Set(values)].sort() });
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values = [] } = requirement;
  const notInteger = (value: string) => (operator === 'Gt' || operator === 'Lt') && !/^[+-]?\d+$/.test(value);
  const errors = [
    ...values.flatMap((value, at) =>
      notInteger(value)
        ? [fieldText(`values[${at}]`, value, ["for 'Gt', 'Lt' operators, the value must be an integer"])]
        : [],
    ),
    ...values.flatMap((value, at) => {
      const wrong = labelValueErrors(value);
      return wrong.length === 0 ? [] : [fieldText(`values[${at}][${key}]`, value, wrong)];
    }),
  ];
  if (errors.length > 0) refuse(errors.length === 1 ? (errors[0] as string) : `[${errors.join(', ')}]`);
  return requirement;
}

function parseValue(reader: TokenReader): string {
  if (reader.endsRequirement) return '';
  if (!reader.isIdentifier) refuse(`found '${reader.next.text}', expected: identifier`);
  return reader.take().text;
}

/** `(a,b)`; nothing between two commas is the empty value. */
function parseValues(reader: TokenReader): readonly string[] {
  const open = reader.take();
  if (open.text !== '(') refuse(`found '${open.text}' expected: '('`);
  const values: string[] = [];
  let isAfterComma = true;
  for (;;) {
    if (reader.isIdentifier) {
      if (!isAfterComma) refuse(`found '${reader.next.text}', expected: ',' or ')'`);
      values.push(reader.take().text);
      isAfterComma = false;
      continue;
    }
    const { text } = reader.take();
    if (text !== ',' && text !== ')') {
      if (values.length === 0) refuse(`found '${text}', expected: ',', ')' or identifier`);
      refuse(isAfterComma ? `found '${text}', expected: ',', or identifier` : `found '${text}', expected: ',' or ')'`);
    }
    if (isAfterComma) values.push('');
    if (text === ')') return values;
    isAfterComma = true;
  }
}

function refuse(why: string): never {
  throw badRequest(`unable to parse requirement: ${why}`);
}

function fieldText(field: string, value: string, errors: readonly string[]): string {
  const error: FieldError = { type: 'FieldValueInvalid', field, value, detail: errors.join('; ') };
  return fieldErrorText(error);
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = /[=!(),<>]+|[^=!(),<>\s]+/g;
  for (const [part] of text.matchAll(pattern)) {
    if (!/^[=!(),<>]/.test(part))
      tokens.push({ type: /^(in|notin)$/.test(part) ? 'keyword' : 'identifier', text: part });
    else tokens.push(...signsOf(part));
  }
  return tokens;
}

/** The longest sign first: `!==` is `!=` and `=`. */
function signsOf(run: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < run.length;) {
    const sign = [run.slice(at, at + 2), run.slice(at, at + 1)].find((one) => SIGNS.includes(one)) ?? '';
    tokens.push({ type: 'sign', text: sign });
    at += sign.length;
  }
  return tokens;
}
