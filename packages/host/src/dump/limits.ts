/** Bounds against hostile dumps: archives that unpack to more than a disk holds, files without end, nesting without bottom. */

/** How much a dump may hold. */
export interface DumpLimits {
  /** Uncompressed bytes read from one dump in total. Default 32 GiB. */
  readonly totalBytes: number;
  /** Files read from one dump. Default 200 000. */
  readonly files: number;
  /** Uncompressed ÷ compressed bytes of an archive, judged beyond `ratioFromBytes`. Default 200; text compresses 5 to 40 times. */
  readonly ratio: number;
  /** Uncompressed bytes from which the ratio counts. Default 64 MiB. */
  readonly ratioFromBytes: number;
  /** Bytes of one JSON value that is parsed at once: an object of a List, a listing. Default 256 MiB; V8 holds strings of 512 MiB. */
  readonly valueBytes: number;
  /** Bytes of one YAML file. Default 64 MiB, since YAML is held as a tree several times its size. */
  readonly yamlBytes: number;
  /** JSON files beyond this size are cut into values while they are read. Default 64 MiB. */
  readonly streamBytes: number;
  /** Files whose logs' ends are kept. Default 2000. */
  readonly logs: number;
}

const MIB = 2 ** 20;

/** Generous for real dumps, finite for others. */
export const DUMP_LIMITS: DumpLimits = Object.freeze({
  totalBytes: 32 * 1024 * MIB,
  files: 200_000,
  ratio: 200,
  ratioFromBytes: 64 * MIB,
  valueBytes: 256 * MIB,
  yamlBytes: 64 * MIB,
  streamBytes: 64 * MIB,
  logs: 2000,
});
