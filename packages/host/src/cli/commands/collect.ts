/** `aia collect`. */
import { cancellation } from '../cancellation.ts';
import { singleLine } from '../exit.ts';
import { createProgress } from '../progress.ts';
import { asUsage, liveOptions, type LiveArguments } from './live-options.ts';

/** Options as the command line gives them. */
export interface CollectArguments extends LiveArguments {
  readonly out: string;
  readonly force?: boolean;
  readonly cloud?: readonly string[];
  readonly quiet?: boolean;
}

/** Runs the command and says what was written, masked and not read. */
export async function runCollect(options: CollectArguments): Promise<void> {
  const progress = createProgress(options.quiet === true);
  const cancel = cancellation();
  try {
    const [{ collect }, { liveSettings }] = await Promise.all([
      import('../../collect/collect.ts'),
      import('../../live/live-options.ts'),
    ]);
    const live = liveOptions(options, progress);
    asUsage(() => liveSettings(live));
    const summary = await collect(live, options, cancel.signal);
    progress.done();
    const masked = Object.values(summary.redactions).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `wrote ${summary.out}: ${summary.objects} objects of ${summary.kinds.size} kinds, ${summary.bytes} bytes; ${masked} secret values masked\n`,
    );
    for (const { input, reason, consequence } of summary.missing)
      process.stdout.write(`not read: ${singleLine(`${input}: ${reason}; ${consequence}`)}\n`);
  } finally {
    progress.done();
    cancel.dispose();
  }
}
