/** What programs said last before they ended. */
import type { AssessedRootCause } from '@aia/contract';
import type { Planning } from '../planning.ts';

/** Of a line; what stands behind is data more often than words. */
const LONGEST = 500;

/** Lines of logs and of termination messages among the evidence of a cause and of what it explains. */
export function lastWords(cause: AssessedRootCause, planning: Planning): readonly string[] {
  const evidence = [...cause.evidence, ...planning.findingsOf(cause).flatMap((one) => one.evidence)];
  return evidence
    .flatMap((one) => {
      if (one.kind === 'log') return one.lines;
      return one.kind === 'field' && one.path.endsWith('.terminated.message') ? one.value.split('\n') : [];
    })
    .map((line) => line.slice(0, LONGEST));
}
