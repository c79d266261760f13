/** Cases of what the API answers over HTTP: who may what, in which forms, under which addresses. */
import type { ConformanceCase } from './conformance-case.ts';
import { ACCESS_CASES } from './http/access.ts';
import { ADDRESS_CASES } from './http/addresses.ts';
import { ESCALATION_CASES } from './http/escalation.ts';
import { FORM_CASES } from './http/forms.ts';

export const HTTP_CASES: readonly ConformanceCase[] = [
  ...ACCESS_CASES,
  ...ESCALATION_CASES,
  ...FORM_CASES,
  ...ADDRESS_CASES,
];
