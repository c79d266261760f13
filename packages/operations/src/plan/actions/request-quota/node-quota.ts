/** Requests for the quotas that further nodes lack, for every kind of action that adds some. */
import type { Quota } from '@aia/cluster';
import type { Planning } from '../../planning.ts';
import type { ActionDraft } from '../../remedy.ts';
import { quotaAsk, quotaRequestDraft } from './quota-request.ts';

/** One request per quota without room. `what`: the nodes, as a subject in the plural. */
export function quotaDraftsFor(
  short: readonly { readonly quota: Quota; readonly need: number }[],
  what: string,
  planning: Planning,
): readonly ActionDraft[] {
  return short.flatMap(({ quota: { metric, region }, need }) => {
    const row = planning.assessment.quotas?.find((one) => one.metric === metric && one.region === region);
    return row === undefined
      ? []
      : [quotaRequestDraft(quotaAsk({ ...row, needed: need }, planning, 0), `${what} take ${need} ${metric}.`)];
  });
}
