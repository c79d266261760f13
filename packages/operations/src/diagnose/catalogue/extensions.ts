/** Rules about what extends the API server: webhooks, aggregated APIs, custom resources. */
import type { Rule } from '../rule.ts';
import { rule as apiServiceUnavailable } from '../rules/api-service-unavailable/rule.ts';
import { rule as customResourceDefinitionNotEstablished } from '../rules/custom-resource-definition-not-established/rule.ts';
import { rule as customResourceNotReady } from '../rules/custom-resource-not-ready/rule.ts';
import { rule as webhookBackendUnavailable } from '../rules/webhook-backend-unavailable/rule.ts';
import { rule as webhookFailing } from '../rules/webhook-failing/rule.ts';

/** In the order of the reference pages. */
export const EXTENSIONS_RULES: readonly Rule[] = [
  webhookBackendUnavailable,
  webhookFailing,
  apiServiceUnavailable,
  customResourceDefinitionNotEstablished,
  customResourceNotReady,
];
