/**
 * Memory that a runtime was told to take for its heap: no request or limit may go below it, whatever was measured, since it takes that much as soon as
 * it has reason to. Sources: `java` (-Xmx, -XX:MaxRAM), Node.js (--max-old-space-size), .NET (DOTNET_GCHeapHardLimit), Go (GOMEMLIMIT).
 */
import { wholeUnits, type Container } from '@aia/cluster';

/** What a container's own settings say of its memory. */
export interface HeapFloor {
  /** Least memory, in bytes. */
  readonly bytes: number;
  /** The setting, as in `-Xmx512m`. */
  readonly setting: string;
}

const MIB = 2 ** 20;
/** Beside the heap: metaspace, threads, buffers, the program itself. */
const BESIDE = 1.25;

interface Reading {
  readonly pattern: RegExp;
  readonly bytes: (amount: string, unit: string) => number;
}

const JAVA_UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: MIB, g: 2 ** 30, t: 2 ** 40 };

/** Flags on the command line and in the variables that carry flags. */
const FLAGS: readonly Reading[] = [
  { pattern: /(?:^|\s)-Xmx(\d{1,12})([kKmMgGtT]?)\b/, bytes: javaBytes },
  { pattern: /(?:^|\s)-XX:MaxHeapSize=(\d{1,12})([kKmMgGtT]?)\b/, bytes: javaBytes },
  { pattern: /(?:^|\s)--max[-_]old[-_]space[-_]size[= ](\d{1,9})()(?:\s|$)/, bytes: (amount) => Number(amount) * MIB },
];

/** Variables that hold an amount. .NET writes hexadecimal. */
const VARIABLES: Readonly<Record<string, (value: string) => number | undefined>> = {
  DOTNET_GCHeapHardLimit: hexadecimal,
  COMPlus_GCHeapHardLimit: hexadecimal,
  GOMEMLIMIT: (value) => wholeUnits(value.replace(/B$/, '')),
};

function javaBytes(amount: string, unit: string): number {
  return Number(amount) * (JAVA_UNITS[unit.toLowerCase()] ?? 1);
}

function hexadecimal(value: string): number | undefined {
  const digits = /^(?:0x)?([0-9a-f]{1,13})$/i.exec(value)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/** The largest heap that a container's command, arguments and variables ask for, with what stands beside it. */
export function heapFloorOf({ command = [], args = [], env = [] }: Container): HeapFloor | undefined {
  const texts = [[...command, ...args].join(' '), ...env.map(({ value = '' }) => value)].map((text) =>
    text.slice(0, 10_000),
  );
  const found: HeapFloor[] = [];
  for (const text of texts)
    for (const { pattern, bytes } of FLAGS) {
      const match = pattern.exec(text);
      if (match !== null)
        found.push({ bytes: bytes(match[1] ?? '', match[2] ?? '') * BESIDE, setting: match[0].trim() });
    }
  for (const { name, value = '' } of env) {
    const bytes = Object.hasOwn(VARIABLES, name) ? VARIABLES[name]?.(value.trim()) : undefined;
    if (bytes !== undefined) found.push({ bytes: bytes * BESIDE, setting: `${name}=${value.trim()}` });
  }
  return found.toSorted((a, b) => b.bytes - a.bytes)[0];
}

const BY_LIMIT =
  /(?:^|\s)(-XX:(?:Max|Initial)RAMPercentage=\S{1,10})|^(?:DOTNET|COMPlus)_GCHeapHardLimitPercent$|(?:^|\s)(--max[-_]old[-_]space[-_]size[-_]percentage=\S{1,10})/;

/** A setting by which the heap is a share of the memory limit, so that lowering the limit takes heap away; `undefined` without. */
export function shareOfLimit({ command = [], args = [], env = [] }: Container): string | undefined {
  for (const text of [[...command, ...args].join(' '), ...env.flatMap(({ name, value = '' }) => [value, name])]) {
    const match = BY_LIMIT.exec(text.slice(0, 10_000));
    if (match !== null) return match[0].trim();
  }
  return undefined;
}
