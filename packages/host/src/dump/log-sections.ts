/** Logs inside the output of `kubectl cluster-info dump`, between its marks. */
import type { ContainerLog } from '@aia/cluster';

/** Whose log it is. */
export type LogOwner = Omit<ContainerLog, 'lines'>;

/** What every mark of a log's beginning starts with. */
export const LOG_MARK = '==== START logs for ';

/** Only the ends of logs are kept, so that a log of any size is read in little memory. */
const KEPT_LINES = 200;

/** Takes lines and tells those of logs from others. */
export class LogSections {
  readonly #take: (owner: LogOwner, lines: readonly string[]) => void;
  #open: { readonly owner: LogOwner; readonly endMark: string; readonly lines: string[] } | undefined;

  constructor(take: (owner: LogOwner, lines: readonly string[]) => void) {
    this.#take = take;
  }

  /** Whether the next line is inside a log. */
  get inside(): boolean {
    return this.#open !== undefined;
  }

  /** Takes a line without its end; returns whether it belongs to a log, marks included. */
  line(text: string): boolean {
    if (this.#open === undefined) {
      const owner = ownerOf(text);
      if (owner !== undefined) this.#open = { owner, endMark: text.replace('START', 'END'), lines: [] };
      return owner !== undefined;
    }
    const { endMark, lines } = this.#open;
    // A log without a final line end has the mark behind its last line; marks of others are what a container printed.
    const ended = text.endsWith(endMark);
    const line = ended ? text.slice(0, -endMark.length) : text;
    if (!ended || line !== '') lines.push(line);
    if (lines.length > 2 * KEPT_LINES) lines.splice(0, KEPT_LINES);
    if (ended) this.end();
    return true;
  }

  /** Hands on a log that is still open; returns whose it was. */
  end(): LogOwner | undefined {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) this.#take(open.owner, open.lines);
    return open?.owner;
  }
}

/** `==== START logs for container api of pod shop/api-1 ====`. */
function ownerOf(line: string): LogOwner | undefined {
  if (!line.startsWith(LOG_MARK)) return undefined;
  const match = /^==== START logs for (?:container (\S+) of )?pod ([^/\s]+)\/(\S+) ====$/.exec(line);
  if (match === null) return undefined;
  const [, container = '', namespace = '', pod = ''] = match;
  return { namespace, pod, container, previous: false };
}

/** The text with an empty line in place of every line of a log, so that places in it stay what they are. */
export function withoutLogs(text: string, sections: LogSections): string {
  return text
    .split('\n')
    .map((line) => (sections.line(line.replace(/\r$/, '')) ? '' : line))
    .join('\n');
}
