/** What types with a form of their own say to other texts. */
import type { ScalarName } from './field-schema.ts';

/** Source: `k8s.io/apimachinery/pkg/api/resource/quantity.go`. */
const WHOLE_FORM = /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(.*)$/s;
const SUFFIX = /^(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

/** Why a value is no quantity; `undefined` where it is one. */
export function quantityProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number')
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  const text = String(value);
  if (text === '') return undefined;
  const [, , suffix = ''] = NUMBER.exec(text) ?? [];
  if (!NUMBER.test(text) || !WHOLE_FORM.test(text))
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  return SUFFIX.test(suffix) ? undefined : "unable to parse quantity's suffix";
}

const TIMES: Readonly<Partial<Record<ScalarName, readonly [RegExp, string]>>> = {
  time: [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, '2006-01-02T15:04:05Z07:00'],
  'micro-time': [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/, '2006-01-02T15:04:05.000000Z07:00'],
};

/** The same for times and durations. Source: `metav1.Time.UnmarshalJSON`. */
export function timeProblem(value: string, scalar: ScalarName): string | undefined {
  const [form, layout] = TIMES[scalar] ?? [];
  if (form === undefined || layout === undefined || value === '' || form.test(value)) return undefined;
  const year = /^\d{4}/.exec(value)?.[0];
  const rest = year === undefined ? value : value.slice(4);
  const wanted = year === undefined ? '2006' : '-';
  return `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(wanted)}`;
}

/** The same for bytes, which JSON holds in base64. Source: Go's `encoding/base64`. */
export function base64Problem(value: string): string | undefined {
  const text = value.replace(/[\r\n]/g, '');
  const wrong = text.search(/[^A-Za-z0-9+/]/);
  const end = wrong < 0 ? text.length : wrong;
  const padding = text.slice(end);
  const isRight = text.length % 4 === 0 && (padding === '' || padding === '=' || padding === '==');
  if (isRight) return undefined;
  const at = wrong < 0 || padding.startsWith('=') ? end - (end % 4) : wrong;
  return `illegal base64 data at input byte ${at}`;
}
