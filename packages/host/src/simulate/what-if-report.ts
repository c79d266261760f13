/** The report of a what-if: what the twin showed, and which root causes come and go with the changes. */
import { refText, type ClusterSnapshot, type WhatIfRun } from '@aia/cluster';
import type { Assessment, WhatIfReport } from '@aia/contract';
import { assess } from '@aia/operations';
import { version } from '../version.ts';

/** As the contract has it. */
export function whatIfReport(
  { source, observedAt }: ClusterSnapshot,
  { result, after, unchanged }: WhatIfRun,
): WhatIfReport {
  return {
    kind: 'WhatIf',
    schemaVersion: 1,
    generator: { name: 'aia', version },
    cluster: { name: source.name, observedAt },
    ...result,
    before: withoutGaps(result.before),
    after: withoutGaps(result.after),
    unchanged: withoutGaps(result.unchanged),
    causes: compared(causesOf(unchanged), causesOf(after)),
  };
}

type State = WhatIfRun['result']['before'];

/** Absent rather than `undefined`. */
function withoutGaps({ quotas, cost, ...state }: State): WhatIfReport['before'] {
  return { ...state, ...(quotas === undefined ? {} : { quotas }), ...(cost === undefined ? {} : { cost }) };
}

type Cause = WhatIfReport['causes']['left'][number];

function causesOf(snapshot: ClusterSnapshot): ReadonlyMap<string, Cause> {
  const { rootCauses }: Assessment = assess(snapshot, { version });
  return new Map(
    rootCauses.map(({ id, class: name, title, resource }) => [id, { class: name, title, resource: refText(resource) }]),
  );
}

function compared(without: ReadonlyMap<string, Cause>, now: ReadonlyMap<string, Cause>): WhatIfReport['causes'] {
  const of = (causes: ReadonlyMap<string, Cause>, wanted: (id: string) => boolean) =>
    [...causes].filter(([id]) => wanted(id)).map(([, cause]) => cause);
  return {
    gone: of(without, (id) => !now.has(id)),
    new: of(now, (id) => !without.has(id)),
    left: of(now, (id) => without.has(id)),
  };
}
