/** Changes that somebody proposes to try on a twin, in the form in which they are written: `quota.CPUS=+8`, `delete.Service/shop/web`. */
import { nearest } from '../../near-miss.ts';

/** A change, taken apart. */
export interface ProposedChange {
  /** As it was written. */
  readonly text: string;
  readonly verb: Verb;
  /** `CPUS`, `shop/web/app`, `Service/shop/web`. */
  readonly subject: string;
  /** Of the subject, `''` for verbs without fields. */
  readonly field: string;
  /** `''` for verbs without values. */
  readonly value: string;
}

interface Grammar {
  /** How it is written, for people. */
  readonly form: string;
  readonly fields?: readonly string[];
  readonly hasValue: boolean;
}

/** What can be changed. */
const GRAMMARS = {
  quota: { form: 'quota.[REGION/]METRIC=LIMIT, or =+MORE', hasValue: true },
  pool: {
    form: 'pool.NAME.maxNodes=NUMBER, pool.NAME.machineType=TYPE',
    fields: ['maxNodes', 'minNodes', 'machineType'],
    hasValue: true,
  },
  replicas: { form: 'replicas.[KIND/]NAMESPACE/NAME=NUMBER', hasValue: true },
  requests: {
    form: 'requests.[KIND/]NAMESPACE/NAME[/CONTAINER].cpu=QUANTITY',
    fields: ['cpu', 'memory', 'ephemeral-storage'],
    hasValue: true,
  },
  limits: {
    form: 'limits.[KIND/]NAMESPACE/NAME[/CONTAINER].memory=QUANTITY',
    fields: ['cpu', 'memory', 'ephemeral-storage'],
    hasValue: true,
  },
  image: { form: 'image.[KIND/]NAMESPACE/NAME/CONTAINER=IMAGE', hasValue: true },
  serviceType: { form: 'serviceType.NAMESPACE/NAME=ClusterIP', hasValue: true },
  node: { form: 'node.NAME=off, node.NAME=on', hasValue: true },
  delete: { form: 'delete.KIND/[NAMESPACE/]NAME', hasValue: false },
  cordon: { form: 'cordon.NODE', hasValue: false },
  uncordon: { form: 'uncordon.NODE', hasValue: false },
  drain: { form: 'drain.NODE', hasValue: false },
} as const satisfies Readonly<Record<string, Grammar>>;

/** What kind of change. */
export type Verb = keyof typeof GRAMMARS;

/** How each change is written, for help texts. */
export const CHANGE_FORMS: readonly string[] = Object.values(GRAMMARS).map(({ form }) => form);

/**
 * Takes a change apart.
 * @throws RangeError for what is not written as {@link CHANGE_FORMS} say, naming the nearest
 */
export function parseChange(text: string): ProposedChange {
  const [, verb = '', rest = '', value] = /^([^.=]*)(?:\.([^=]*))?(?:=(.*))?$/s.exec(text.trim()) ?? [];
  if (!isVerb(verb))
    throw new RangeError(`"${text}": there is no change "${verb}"${nearest(verb, Object.keys(GRAMMARS))}`);
  const { form, hasValue, fields = [] }: Grammar = GRAMMARS[verb];
  const wrong = (why: string) => new RangeError(`"${text}": ${why}; it is written ${form}`);
  if (hasValue && (value ?? '') === '') throw wrong('it lacks a value');
  if (!hasValue && value !== undefined) throw wrong('it takes no value');
  const at = fields.length === 0 || !rest.includes('.') ? rest.length : rest.lastIndexOf('.');
  const [subject, field] = [rest.slice(0, at), rest.slice(at + 1)];
  if (subject === '') throw wrong('it names nothing');
  if (fields.length > 0 && !fields.includes(field)) throw wrong(`its field "${field}" is none of ${fields.join(', ')}`);
  return { text, verb, subject, field, value: value ?? '' };
}

function isVerb(verb: string): verb is Verb {
  return Object.hasOwn(GRAMMARS, verb);
}
