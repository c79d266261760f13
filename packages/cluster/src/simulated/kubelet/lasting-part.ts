/** What of a recorded behaviour lasts when what it rests on is changed. */
import type { ContainerBehaviour, ProbeKind } from './behaviour.ts';

/** As texts that are equal as long as nothing changed. */
export interface RecordedProgram {
  /** Image, command, environment with the contents of ConfigMaps, files of ConfigMaps, and what it may write to where not to its root. */
  readonly program: string;
  /** What is mounted where, which the runtime prepares before the start. */
  readonly mounts: string;
  readonly probes: Readonly<Record<ProbeKind, string>>;
  /** Bytes that are requested for it. */
  readonly memoryRequest: number;
}

/** What of a behaviour goes on in a container that may have been changed since. */
export function lastingPart(
  behaviour: ContainerBehaviour,
  was: RecordedProgram,
  now: RecordedProgram,
): ContainerBehaviour | undefined {
  if (was.program !== now.program) return undefined;
  if (behaviour.lacksNodeMemory === true && now.memoryRequest > was.memoryRequest) return undefined;
  const { failsProbes, startError, createError, configError, ...rest } = behaviour;
  const failing = (failsProbes ?? []).filter((probe) => was.probes[probe] === now.probes[probe]);
  const refusals = was.mounts === now.mounts ? { startError, createError, configError } : {};
  const kept = Object.fromEntries(Object.entries(refusals).filter(([, error]) => error !== undefined));
  return { ...rest, ...kept, ...(failing.length > 0 && { failsProbes: failing }) };
}
