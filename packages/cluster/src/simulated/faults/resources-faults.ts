import type { FaultKind } from './fault.ts';

export const RESOURCE_FAULTS: readonly FaultKind[] = [];
