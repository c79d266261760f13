/** The report of `aia identity verify --format json`, version 1. Within a version fields are only added. */
import * as z from 'zod';
import { at, count, list, text, texts } from './fields.ts';

const did = (description: string) => text(`${description} A DID.`);
const json = (description: string) => z.record(z.string(), z.unknown()).describe(description);

const step = z
  .object({
    what: z.enum(['proof', 'issuer', 'validity', 'status', 'holder']).describe('What was looked at.'),
    credential: count('Which of the credentials, from 0; absent for what holds of a presentation.').optional(),
    cryptosuite: text('Of a proof.').optional(),
    verificationMethod: text('DID URL of the key that a proof is by.').optional(),
    purpose: text('What a proof was made for, or a status says.').optional(),
    did: did('Issuer, or holder.').optional(),
    from: at('Begin of the validity.').optional(),
    until: at('End of the validity; absent: without end.').optional(),
    list: text('URL of a status list.').optional(),
    index: count('Place in it.').optional(),
    asOf: at('When its issuer says that the list was so.').optional(),
    challenge: text('That the holder answered.').optional(),
    domain: text('Of the verifier to whom the holder answered.').optional(),
  })
  .describe('One step that held.')
  .meta({ id: 'Step' });

const credential = z
  .object({
    id: text('As its issuer names it.').optional(),
    issuer: did('Who signed it.'),
    subject: text('Whom it is about: a DID; absent where it is about several.').optional(),
    types: texts('All of them.'),
    validFrom: at('Begin of its validity.').optional(),
    validUntil: at('End of its validity.').optional(),
    kind: z.enum(['role', 'capabilities', 'attestation', 'status-list', 'other']).describe('What it says.'),
    role: text('The role that the subject has.').optional(),
    grants: list(json('One grant.'), 'What the subject may do.').optional(),
    claims: json('What is attested of the subject, concealed parts left out.').optional(),
    disclosed: texts('JSON Pointers of concealed parts that were opened.'),
    revoked: count('Entries of a status list that are set.').optional(),
    entries: count('Entries of a status list.').optional(),
  })
  .describe('A credential that holds.')
  .meta({ id: 'VerifiedCredential' });

const foundDocument = z
  .object({
    did: did('Who signed something.'),
    outcome: text('`resolved`, `deactivated`, or why there is no document.'),
    asked: texts('Who was asked for what cannot be had, and what came of it.').optional(),
    rung: z.enum(['self', 'memory', 'store', 'peers', 'origin']).describe('Who answered.').optional(),
    ageMs: z.number().min(0).describe('Milliseconds since its origin confirmed it; absent: never.').optional(),
    isStale: z.boolean().describe('Whether that is longer ago than it should be.').optional(),
    versionId: text('Of a did:webvh.').optional(),
  })
  .describe('A document that was asked for.')
  .meta({ id: 'FoundDocument' });

const foundList = z
  .object({
    url: text('Where it is published.'),
    from: z.enum(['origin', 'handed-over', 'nowhere']).describe('Who gave it.'),
    reason: text('Why there is none.').optional(),
    signedAt: at('When it says to be signed.').optional(),
    validUntil: at('Until when it says to hold.').optional(),
  })
  .describe('A status list that was asked for.')
  .meta({ id: 'FoundStatusList' });

const claimed = z
  .object({
    issuer: text('Who is said to have signed it.').optional(),
    subject: text('Whom it is said to be about.').optional(),
    validFrom: text('As it stands there.').optional(),
    validUntil: text('As it stands there.').optional(),
  })
  .describe('What a credential says of itself, unverified.')
  .meta({ id: 'ClaimedCredential' });

export const verificationSchema = z
  .object({
    schemaVersion: z.literal(1).describe('Version of this schema; within it fields are only added.'),
    kind: z.enum(['verified', 'refused']).describe('What came of it.'),
    what: z
      .enum(['credential', 'delegation', 'presentation', 'status-list', 'did-log', 'unknown'])
      .describe('What the file is.'),
    file: text('Its name; `-` for standard input.'),
    at: at('When it had to hold.'),
    reason: text('Why it is refused.').optional(),
    where: text('What member or step the reason is about.').optional(),
    means: text('The reason in a sentence.').optional(),
    claimed: list(claimed, 'What a refused file says of its credentials; nothing of it is verified.').optional(),
    holder: did('Who may use it. Proven to be the one who showed a presentation; else only said.').optional(),
    credentials: list(credential, 'Of a chain the root first.'),
    verified: list(step, 'All that held; nothing where it is refused.'),
    documents: list(foundDocument, 'Of those who signed.'),
    statusLists: list(foundList, 'Those that say what was revoked.'),
    notChecked: texts('What no verification here can tell, or was not asked to.'),
  })
  .describe('What `aia identity verify` says of one file; of several it is a list of these.');

/** What is said of one file. */
export type VerificationReport = z.infer<typeof verificationSchema>;
