/** The file of suppressions, version 1: findings that somebody answers for, until a day. */
import * as z from 'zod';
import { at, count, text } from './fields.ts';

const required = (description: string) => z.string().trim().min(1).max(1000).describe(description);

/** A day (its last moment in UTC counts) or a moment. */
const expires = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .describe('Last day of its effect, as in `2026-12-31` (UTC), or a moment as in RFC 3339.');

export const suppressionSchema = z
  .strictObject({
    code: required('Code of the findings, see `aia assess --explain CODE`; `*` stands for any text.'),
    object: required(
      'Resource they are about, or the workload of the pod they are about: `KIND NAME` or `KIND NAMESPACE/NAME`; `*` stands for any text, a lone `*` for every resource.',
    ),
    reason: required('Why these findings may stand.'),
    owner: required('Who answers for it: a person or team.'),
    expires,
  })
  .describe('One suppression; all fields are required.')
  .meta({ id: 'Suppression' });

export const suppressionsSchema = z
  .strictObject({ suppressions: z.array(suppressionSchema).max(10_000).describe('The first that matches counts.') })
  .describe('Findings that `aia assess --suppressions FILE` takes out.');

/** One suppression as it stands in the file. */
export type SuppressionEntry = z.infer<typeof suppressionSchema>;

export const appliedSuppressionSchema = z
  .object({
    code: text('Code of the findings it takes out; `*` stands for any text.'),
    object: text('Resource or workload they are about, as in `Deployment shop/web-*`.'),
    reason: text('Why they may stand.'),
    owner: text('Who answers for it.'),
    expiresAt: at('From then on it suppresses nothing.'),
    expired: z.boolean().describe('Whether it had expired when the cluster was observed.'),
    findings: count('Findings it took out.'),
  })
  .describe('One entry of the file of suppressions.')
  .meta({ id: 'AppliedSuppression' });
