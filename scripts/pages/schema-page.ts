/** The published JSON Schemas of the reports and of the file of suppressions, from their definitions. */
import {
  assessmentSchema,
  policySchema,
  simulationRunSchema,
  strategySchema,
  suppressionsSchema,
  verificationSchema,
  whatIfSchema,
} from '@aia/contract';
import * as z from 'zod';

/**
 * Draft 2020-12. Objects are open: within a version fields are added, and a consumer that validates must accept a report of a newer
 * AIA. What JavaScript alone needs (safe integers, read-only arrays) is left out.
 */
export function assessmentJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/assessment.v1.json',
    title: 'Assessment',
    ...z.toJSONSchema(assessmentSchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  };
}

/** As {@link assessmentJsonSchema}. */
export function whatIfJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/what-if.v1.json',
    title: 'WhatIf',
    ...z.toJSONSchema(whatIfSchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  };
}

/** As {@link assessmentJsonSchema}. */
export function simulationRunJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/simulation-run.v1.json',
    title: 'SimulationRun',
    ...z.toJSONSchema(simulationRunSchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  };
}

/** As {@link assessmentJsonSchema}. */
export function strategyJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/strategy.v1.json',
    title: 'Strategy',
    ...z.toJSONSchema(strategySchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  };
}

/** As {@link assessmentJsonSchema}. */
export function verificationJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/verification.v1.json',
    title: 'Verification',
    ...z.toJSONSchema(verificationSchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  };
}

/** Draft 2020-12; closed, so that a misspelt field is an error. */
export function suppressionsJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/suppressions.v1.json',
    title: 'Suppressions',
    ...z.toJSONSchema(suppressionsSchema, { io: 'input' }),
  };
}

/** As {@link suppressionsJsonSchema}. */
export function policyJsonSchema(): object {
  return {
    $id: 'https://aia.dev/schemas/aia-policy.v1.json',
    title: 'Policy',
    ...z.toJSONSchema(policySchema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }),
  };
}

function tidy(schema: Record<string, unknown>): void {
  delete schema['readOnly'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}
