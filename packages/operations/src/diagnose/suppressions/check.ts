/** What is wrong with a suppression beyond its form. */
import { patternOf } from '@aia/cluster';
import { ruleOf, RULES } from '../catalogue.ts';
import { EXPIRED_CODE, isWild, type Suppression } from './suppression.ts';

/** The fault in words, `undefined` for none: a code that no rule has, or a pattern that would take out everything. */
export function suppressionFault({ code, object }: Pick<Suppression, 'code' | 'object'>): string | undefined {
  const matches = patternOf(code);
  if (code === EXPIRED_CODE) return `${EXPIRED_CODE} cannot be suppressed; renew the entry or delete it`;
  if (ruleOf(code) === undefined && !RULES.some((rule) => matches(rule.code)))
    return `no finding code is "${code}"; "aia assess --explain ${code}" suggests some`;
  if (isWild(code) && isWild(object)) return 'code and object would take out every finding together; name one of them';
  if (!isWild(object) && !/^\S+ \S/.test(object.trim()))
    return `object "${object}" is no KIND NAME or KIND NAMESPACE/NAME`;
  return undefined;
}
