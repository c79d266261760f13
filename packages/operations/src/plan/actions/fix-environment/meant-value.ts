/** Which value was meant by one that a program refuses. */
import { nearName } from '../../revisions/near-names.ts';

/** A value, and why it. */
export interface MeantValue {
  readonly value: string;
  readonly confidence: number;
  /** Completes "…; …". */
  readonly because: string;
}

interface Form {
  readonly wrong: RegExp;
  readonly put: string;
  readonly confidence: number;
  readonly because: string;
}

/** Mistakes that the form alone shows. */
const FORMS: readonly Form[] = [
  {
    wrong: /^([a-z][a-z0-9+.-]*):\/(?!\/)/i,
    put: '$1://',
    confidence: 0.85,
    because: 'a URL has two slashes behind its scheme',
  },
  {
    wrong: /^([a-z][a-z0-9+.-]*):\/{3,}(?=[a-z0-9])/i,
    put: '$1://',
    confidence: 0.6,
    because: 'a URL has two slashes behind its scheme',
  },
  { wrong: /^(\d+)[Oo]$/, put: '$1', confidence: 0.5, because: 'a letter O stands behind the number' },
  { wrong: /^(.+?)[,;]$/, put: '$1', confidence: 0.6, because: 'a separator was left at its end' },
  { wrong: /^\s+|\s+$/g, put: '', confidence: 0.6, because: 'white space was left around it' },
];
/** Files have no host, so three slashes are right. */
const FILE = /^file:/i;
/** Words that settings are made of, for slips of the pen. */
const WORDS = [
  'debug',
  'info',
  'warning',
  'error',
  'trace',
  'production',
  'staging',
  'development',
  'enabled',
  'disabled',
  'true',
  'false',
];

/** `elsewhere`: values of the same variable of other programs. `undefined` where nothing tells. */
export function meantValue(value: string, elsewhere: readonly string[]): MeantValue | undefined {
  const near = nearName(value, elsewhere);
  if (near !== undefined)
    return { value: near.name, confidence: near.confidence, because: `elsewhere it is ${JSON.stringify(near.name)}` };
  const unit = withUnit(value, elsewhere);
  if (unit !== undefined) return unit;
  const form = FILE.test(value) ? undefined : FORMS.find(({ wrong }) => value.search(wrong) >= 0);
  if (form !== undefined) return { ...form, value: value.replace(form.wrong, form.put) };
  const word = /^[a-z]+$/i.test(value) ? nearName(value.toLowerCase(), WORDS) : undefined;
  return word && word.confidence >= 0.85
    ? { value: word.name, confidence: 0.6, because: `it is a slip of the pen for ${word.name}` }
    : undefined;
}

/** A number without the unit that the same number has elsewhere. */
function withUnit(value: string, elsewhere: readonly string[]): MeantValue | undefined {
  if (!/^\d+$/.test(value)) return undefined;
  const same = elsewhere.filter((one) => one.startsWith(value) && /^[a-z]+$/i.test(one.slice(value.length)));
  const [found, ...others] = same;
  return found === undefined || others.length > 0
    ? undefined
    : { value: found, confidence: 0.7, because: `elsewhere it is ${JSON.stringify(found)}` };
}
