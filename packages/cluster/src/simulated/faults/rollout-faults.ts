import type { FaultKind } from './fault.ts';

export const ROLLOUT_FAULTS: readonly FaultKind[] = [];
