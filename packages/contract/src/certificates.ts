/** The ledger of certificates in a report. */
import * as z from 'zod';
import { at, list, text, texts } from './fields.ts';
import { resourceRefSchema } from './finding.ts';

const resource = resourceRefSchema;

export const certificateUserSchema = z
  .object({
    resource,
    use: z
      .enum(['serves', 'mounts', 'checks-with'])
      .describe('Serves it to clients, takes it into pods, or checks others with it.'),
    hosts: texts('Names that clients ask for; `*` for any.'),
  })
  .describe('Who uses a certificate.')
  .meta({ id: 'CertificateUser' });

export const certificateRenewalSchema = z
  .object({
    by: z
      .enum(['cert-manager', 'managed-certificate', 'ca-injector', 'operator', 'helm', 'nobody-known'])
      .describe('Who renews it.'),
    text: text('In words.'),
    resource: resource.optional(),
    renewalAt: at('When it is due.').optional(),
    ready: z.boolean().describe('Whether its renewer says that all is well.').optional(),
  })
  .describe('Who renews a certificate.')
  .meta({ id: 'CertificateRenewal' });

export const certificateEntrySchema = z
  .object({
    place: text('Where it stands, as in `Secret shop/web-tls`, `shop.example.com:443`.'),
    kind: z
      .enum(['endpoint', 'secret', 'ca-bundle', 'file', 'order'])
      .describe('An order is one whose certificate was not read, of which only its renewer tells.'),
    resource,
    state: z
      .enum(['valid', 'expiring', 'expired', 'not-yet-valid', 'faulty', 'unreadable', 'unknown'])
      .describe('`faulty` holds in time, but its chain, key or names do not; `unknown` was not read.'),
    subject: text('Its subject.').optional(),
    issuer: text('Its issuer.').optional(),
    serialNumber: text('Its serial number, in hexadecimal.').optional(),
    names: texts('Names and addresses it is for.'),
    notBeforeAt: at('When it becomes valid.').optional(),
    notAfterAt: at('When it expires.').optional(),
    daysLeft: z.number().int().describe('Whole days until then; negative once it has expired.').optional(),
    usedBy: list(certificateUserSchema, 'Known users.'),
    renewedBy: certificateRenewalSchema,
    breaks: text('What fails without it.'),
    faults: texts('What is wrong with it beside its time: chain, key, names.'),
    keyMatches: z
      .boolean()
      .describe('Whether the key beside it is its own; absent where they were not compared.')
      .optional(),
  })
  .describe('One certificate that the cluster uses.')
  .meta({ id: 'CertificateEntry' });

/** One certificate that the cluster uses. */
export type CertificateEntry = z.infer<typeof certificateEntrySchema>;
