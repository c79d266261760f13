/** All cases, by what they are about. */
import type { ConformanceCase } from './conformance-case.ts';
import { HTTP_CASES } from './http.ts';
import { KUBELET_CASES } from './kubelet.ts';
import { MACHINERY_CASES } from './machinery.ts';
import { RULES_CASES } from './rules.ts';
import { SCHEDULER_CASES } from './scheduler.ts';
import { SCHEMA_CASES } from './schema.ts';
import { SERVICES_CASES } from './services.ts';
import { WORKLOADS_CASES } from './workloads.ts';

export const CORPUS: Readonly<Record<string, readonly ConformanceCase[]>> = {
  machinery: MACHINERY_CASES,
  schema: SCHEMA_CASES,
  rules: RULES_CASES,
  scheduler: SCHEDULER_CASES,
  workloads: WORKLOADS_CASES,
  services: SERVICES_CASES,
  kubelet: KUBELET_CASES,
  http: HTTP_CASES,
};
