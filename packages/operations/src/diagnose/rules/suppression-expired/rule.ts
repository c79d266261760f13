/** A suppression whose day has come. */
import type { Rule } from '../../rule.ts';
import { EXPIRED_CODE, isExpired, lastDay, suppressionRef } from '../../suppressions/suppression.ts';

/** Facts: code, object, owner, reason. */
export const rule: Rule = {
  code: EXPIRED_CODE,
  title: 'Suppression has expired',
  severity: 'low',
  explanation:
    'The file of suppressions takes findings out that somebody answers for, until a day. That day has passed, so they count again, and the entry asks to be renewed with a reason or to be removed. The moment of observation decides, so an old dump is judged by what was in force then. No suppression takes this finding out.',
  remediation: {
    class: 'none',
    text: 'Ask its owner whether the reason still holds: renew it until a new day, or delete the entry and repair what it covered.',
  },
  aliases: {},
  needs: [],
  *check({ suppressions, now }) {
    for (const suppression of suppressions) {
      if (!isExpired(suppression, now)) continue;
      const { code, object, reason, owner, expiresAt } = suppression;
      const resource = suppressionRef(suppression);
      yield {
        resource,
        message: `The suppression of ${code} for ${object} (${owner}: ${reason}) was in force until ${lastDay(suppression)}; what it took out counts again.`,
        evidence: [{ kind: 'field', resource, path: 'expires', value: new Date(expiresAt).toISOString() }],
        facts: { code, object, owner, reason },
        since: expiresAt,
      };
    }
  },
};
