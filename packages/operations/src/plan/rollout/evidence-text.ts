/** What findings quote: words of events, fields and logs. */
import type { AssessedFinding } from '@aia/contract';

/** One text for each piece of evidence; lines of logs apart. */
export function quotedTexts(findings: readonly AssessedFinding[]): readonly string[] {
  return findings.flatMap(({ evidence }) =>
    evidence.flatMap((one) => {
      if (one.kind === 'event') return [one.message];
      if (one.kind === 'field') return [one.value];
      return one.kind === 'log' ? one.lines : [];
    }),
  );
}
