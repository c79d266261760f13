/** `aia simulate what-if`. */
import { writeFileSync } from 'node:fs';
import { parseChange, whatIf } from '@aia/cluster';
import type { WhatIfReport } from '@aia/contract';
import { cancellation } from '../cancellation.ts';
import { checkSource, readerOf, type SourceArguments } from '../cluster-source.ts';
import { EXIT, UsageError } from '../exit.ts';
import { createProgress } from '../progress.ts';
import { readManifests } from '../read-manifests.ts';
import { colours, terminal, wantsColour, widthOf } from '../terminal.ts';
import { writing } from '../write-output.ts';
import { asUsage } from './live-options.ts';

/** Options as the command line gives them. */
export interface WhatIfArguments extends SourceArguments {
  readonly set?: readonly string[];
  readonly apply?: readonly string[];
  /** Milliseconds. */
  readonly for: number;
  readonly seed: string;
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly quiet?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Reads the cluster, runs its twins and tells what came of the changes. */
export async function runWhatIf(options: WhatIfArguments): Promise<void> {
  checkSource(options);
  const { set = [], apply = [] } = options;
  if (set.length + apply.length === 0)
    throw new UsageError('nothing is to be changed: give --set CHANGE or --apply FILE');
  const manifests = apply.flatMap(readManifests);
  // Before the cluster is read, since a misspelt change should not cost the wait.
  asUsage(() => set.forEach(parseChange));
  const progress = createProgress(options.quiet === true);
  const cancel = cancellation();
  try {
    const reader = await readerOf(options, progress);
    const snapshot = await reader.observe(cancel.signal);
    cancel.signal.throwIfAborted();
    progress.show('letting time pass');
    const { for: forMs, seed } = options;
    const run = asUsage(() => whatIf(snapshot, { changes: set, manifests, forMs, seed }));
    const { whatIfReport } = await import('../../simulate/what-if-report.ts');
    const report = whatIfReport(snapshot, run);
    progress.done();
    await tell(report, options);
    process.exitCode = report.changes.some(({ outcome }) => outcome === 'refused') ? EXIT.found : EXIT.ok;
  } finally {
    progress.done();
    cancel.dispose();
  }
}

async function tell(report: WhatIfReport, options: WhatIfArguments): Promise<void> {
  const content = options.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : await textOf(report, options);
  const { output } = options;
  if (output === undefined) process.stdout.write(content);
  else writing(output, () => writeFileSync(output, content));
}

async function textOf(report: WhatIfReport, { color, output }: WhatIfArguments): Promise<string> {
  const { whatIfText } = await import('../../simulate/what-if-text.ts');
  const place = terminal(output !== undefined);
  return whatIfText(report, { width: widthOf(place), ...(wantsColour(color, place) && { style: colours() }) });
}
