/** Everything that touches the outside, and the command line. */
export { commandLine } from './cli/main.ts';
export type { CollectOptions, CollectSummary } from './collect/collect.ts';
export { collect, writeDump } from './collect/collect.ts';
export type { DumpLimits } from './dump/limits.ts';
export { DUMP_LIMITS } from './dump/limits.ts';
export { createDumpReader } from './dump/dump-reader.ts';
export type { DumpOptions, DumpProgress } from './dump/read-dump.ts';
export { readDump } from './dump/read-dump.ts';
export { exampleNames, examplePath } from './examples.ts';
export type { HostErrorCode, HostErrorData } from './host-error.ts';
export { HostError } from './host-error.ts';
export type { LiveOptions, Progress } from './live/live-options.ts';
export type { LiveObservation } from './live/live-reader.ts';
export { createLiveReader, observeLive } from './live/live-reader.ts';
export type { CertificateProbe, CertificateProbeOptions } from './probes/probe-certificate.ts';
export { probeCertificate } from './probes/probe-certificate.ts';
export { version } from './version.ts';
