import type { FaultKind } from './fault.ts';

export const CONFIGURATION_FAULTS: readonly FaultKind[] = [];
