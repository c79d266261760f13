/**
 * Which names, labels and keys Kubernetes takes, and in which words it refuses others.
 * Source: `k8s.io/apimachinery/pkg/util/validation`; https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */

/** What is wrong with a text; nothing where it is fine. */
export type TextRule = (text: string) => readonly string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const DNS_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const DNS_1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE_TEXT = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`;

/** `must be no more than 63 bytes`. */
export function tooLong(bytes: number): string {
  return `must be no more than ${bytes} bytes`;
}

/** A rule in words, with examples and its regular expression. */
export function regexText(rule: string, regex: string, ...examples: readonly string[]): string {
  const shown = `regex used for validation is '${regex}')`;
  return examples.length === 0
    ? `${rule} (${shown}`
    : `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}${shown}`;
}

/** RFC 1123 label: names of namespaces, containers, ports of Services, … */
export const dnsLabelErrors: TextRule = (text) => [
  ...(text.length > 63 ? [tooLong(63)] : []),
  ...(matches(text, LABEL)
    ? []
    : [matches(text, SUBDOMAIN) ? 'must not contain dots' : regexText(LABEL_TEXT, LABEL, 'my-name', '123-abc')]),
];

/** RFC 1123 subdomain: names of most objects. */
export const dnsSubdomainErrors: TextRule = (text) => [
  ...(text.length > 253 ? [tooLong(253)] : []),
  ...(matches(text, SUBDOMAIN) ? [] : [regexText(SUBDOMAIN_TEXT, SUBDOMAIN, 'example.com')]),
];

/** RFC 1035 label: plurals of custom resources, names of Services until 1.34. */
export const dns1035LabelErrors: TextRule = (text) => [
  ...(text.length > 63 ? [tooLong(63)] : []),
  ...(matches(text, DNS_1035) ? [] : [regexText(DNS_1035_TEXT, DNS_1035, 'my-name', 'abc-123')]),
];

/** Keys of labels, annotations (in lower case), finalizers: `name` or `example.com/name`. */
export const qualifiedNameErrors: TextRule = (text) => {
  const parts = text.split('/');
  const rule = regexText(QUALIFIED_TEXT, QUALIFIED, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2)
    return [`a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  return [
    ...(prefix === undefined ? [] : prefix === '' ? ['prefix part must be non-empty'] : prefixErrors(prefix)),
    ...(name === '' ? ['name part must be non-empty'] : name.length > 63 ? [`name part ${tooLong(63)}`] : []),
    ...(matches(name, QUALIFIED) ? [] : [`name part ${rule}`]),
  ];
};

function prefixErrors(prefix: string): readonly string[] {
  return dnsSubdomainErrors(prefix).map((text) => `prefix part ${text}`);
}

/** Values of labels. */
export const labelValueErrors: TextRule = (text) => [
  ...(text.length > 63 ? [tooLong(63)] : []),
  ...(matches(text, LABEL_VALUE) ? [] : [regexText(LABEL_VALUE_TEXT, LABEL_VALUE, 'MyValue', 'my_value', '12345')]),
];

/** Names of objects that may be anything that a path can hold: Roles, bindings. */
export const pathSegmentErrors: TextRule = (text) => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((sign) => text.includes(sign)).map((sign) => `may not contain '${sign}'`);
};

const compiled = new Map<string, RegExp>();

function matches(text: string, regex: string): boolean {
  const known = compiled.get(regex) ?? new RegExp(`^(?:${regex})$`);
  compiled.set(regex, known);
  return known.test(text);
}
