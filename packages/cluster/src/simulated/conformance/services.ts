/** What controllers beside those of workloads do. */
import type { ConformanceCase } from './conformance-case.ts';
import { ACCOUNT_CASES } from './services/accounts.ts';
import { ADDRESS_CASES } from './services/addresses.ts';
import { AUTOSCALING_CASES } from './services/autoscaling.ts';
import { DISRUPTION_CASES } from './services/disruption.ts';
import { ENDPOINT_CASES } from './services/endpoints.ts';
import { NODE_CASES } from './services/nodes.ts';
import { VOLUME_CASES } from './services/volumes.ts';

export const SERVICES_CASES: readonly ConformanceCase[] = [
  ...ADDRESS_CASES,
  ...ENDPOINT_CASES,
  ...AUTOSCALING_CASES,
  ...DISRUPTION_CASES,
  ...VOLUME_CASES,
  ...NODE_CASES,
  ...ACCOUNT_CASES,
];
