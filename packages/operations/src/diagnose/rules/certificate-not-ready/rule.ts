/** cert-manager does not keep a certificate as it should. */
import { refKey, refOf, refText, timeOf, type Certificate } from '@aia/cluster';
import { blockedBy, isIssuing, issuerOf, REASONS, type Blocked } from '../../certificates/cert-manager.ts';
import { usersOf } from '../../certificates/certificate-users.ts';
import { spanText } from '../../certificates/certificates.ts';
import { conditionEvidence, conditionOf, isTrue, type FoundCondition } from '../../conditions.ts';
import { fieldEvidence, inOrder, type Examination } from '../../examination.ts';
import type { FindingDraft, Severity } from '../../finding.ts';
import { unique } from '../../order.ts';
import type { Rule } from '../../rule.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Facts: reason, secret (`namespace/name`), issuer (resource key), blockedBy (resource key, '' when not seen), failedAttempts, renewalOverdue. */
export const rule: Rule = {
  code: 'certificate-not-ready',
  title: 'Certificate of cert-manager is not ready',
  severity: 'high',
  explanation:
    'A Certificate of cert-manager says Ready=False, or it is Ready while its renewal is more than an hour overdue or its last attempts failed. The finding names what it waits for: the failed challenge, order or request, or an issuer that is not ready or does not exist. It is high while there is no valid certificate, critical when the one that an Ingress or Gateway serves has expired, and medium as long as the old one holds for more than a week. The rule stays silent for five minutes after it was asked for, while an issuance is under way without a failure, and for manifests that no controller has looked at.',
  remediation: {
    class: 'renew-certificate',
    text: 'Repair what the issuance waits for; cert-manager tries again with growing pauses of up to 32 hours, or at once after "cmctl renew".',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    for (const certificate of inOrder(examination.snapshot.listCustom('cert-manager.io/Certificate'))) {
      const { namespace = '', deletionTimestamp } = certificate.metadata;
      if (deletionTimestamp !== undefined || !examination.judges(namespace)) continue;
      const finding = judge(examination, certificate);
      if (finding !== undefined) yield finding;
    }
  },
};

function judge(examination: Examination, certificate: Certificate): FindingDraft | undefined {
  const ready = conditionOf(certificate.status?.conditions, 'Ready');
  if (ready === undefined) return unseen(examination, certificate);
  if (ready.status === 'True') return late(examination, certificate, ready);
  const blocked = blockedBy(examination, certificate);
  const since = timeOf(ready.lastTransitionTime) ?? timeOf(certificate.metadata.creationTimestamp);
  const isYoung = since !== undefined && examination.now - since < examination.thresholds.graceMs;
  if (isYoung && blocked?.isDefinite !== true && !hasFailed(certificate)) return undefined;
  const { reason = '' } = ready;
  const why = REASONS[reason] ?? ([reason, ready.message].filter(Boolean).join(': ') || 'it does not say why');
  return draft(examination, certificate, { why, ready, blocked, since });
}

/** Stored, and nothing has looked at it for an hour. */
function unseen(examination: Examination, certificate: Certificate): FindingDraft | undefined {
  const { uid, creationTimestamp } = certificate.metadata;
  const age = examination.ageMs(creationTimestamp);
  if (uid === undefined || certificate.status !== undefined || age === undefined || age < HOUR) return undefined;
  const why = `nothing has taken it up since it was made ${spanText(age)} ago, so cert-manager may not be running`;
  return draft(examination, certificate, {
    why,
    ready: undefined,
    blocked: undefined,
    since: timeOf(creationTimestamp),
  });
}

/** Ready, but what should have followed has not. */
function late(examination: Examination, certificate: Certificate, ready: FoundCondition): FindingDraft | undefined {
  const due = timeOf(certificate.status?.renewalTime);
  const isOverdue = due !== undefined && examination.now - due > HOUR;
  if (!isOverdue && !hasFailed(certificate)) return undefined;
  const blocked = blockedBy(examination, certificate);
  const started = conditionOf(certificate.status?.conditions, 'Issuing')?.lastTransitionTime;
  const isStarted = isIssuing(certificate) && (examination.ageMs(started) ?? DAY) < HOUR;
  if (isStarted && !hasFailed(certificate) && blocked?.isDefinite !== true) return undefined;
  const why = isOverdue
    ? `its renewal is ${spanText(examination.now - due)} overdue`
    : 'its last issuance failed, and the certificate before is still in place';
  return draft(examination, certificate, { why, ready, blocked, since: isOverdue ? due : undefined });
}

function hasFailed({ status }: Certificate): boolean {
  const issuing = conditionOf(status?.conditions, 'Issuing');
  return (status?.failedIssuanceAttempts ?? 0) > 0 || (issuing?.status === 'False' && issuing.reason === 'Failed');
}

interface Judged {
  readonly why: string;
  readonly ready: FoundCondition | undefined;
  readonly blocked: Blocked | undefined;
  readonly since: number | undefined;
}

function draft(
  examination: Examination,
  certificate: Certificate,
  { why, ready, blocked, since }: Judged,
): FindingDraft {
  const { status, spec, metadata } = certificate;
  const { namespace = '' } = metadata;
  const failed = status?.failedIssuanceAttempts ?? 0;
  const issuing = conditionOf(status?.conditions, 'Issuing');
  const issuer = issuerOf(spec?.issuerRef, namespace);
  const attempts = failed > 0 ? ` (${failed} failed attempt${failed === 1 ? '' : 's'})` : '';
  const said = issuing?.reason === 'Failed' ? issuing.message : undefined;
  const because = blocked?.text ?? said;
  const ref = refOf(certificate);
  return {
    resource: ref,
    severity: severityOf(examination, certificate),
    message: `${refText(ref)} is not kept as it should be: ${why}${attempts}${because === undefined ? '' : `; ${because}`}.${hit(examination, certificate)}`,
    evidence: [
      ...(ready === undefined ? [fieldEvidence(certificate, 'status', '')] : conditionEvidence(certificate, ready)),
      ...(status?.renewalTime === undefined
        ? []
        : [fieldEvidence(certificate, 'status.renewalTime', status.renewalTime)]),
      ...(blocked?.evidence ?? []),
      ...(said === undefined || issuing === undefined ? [] : conditionEvidence(certificate, issuing)),
    ],
    facts: {
      reason: ready?.reason ?? '',
      secret: `${namespace}/${spec?.secretName ?? ''}`,
      issuer: issuer === undefined ? '' : refKey(issuer),
      blockedBy: blocked?.resource === undefined ? '' : refKey(blocked.resource),
      failedAttempts: failed,
      renewalOverdue:
        isTrue(status?.conditions, 'Ready') && (timeOf(status?.renewalTime) ?? examination.now) < examination.now,
    },
    since,
  };
}

/** Who is hit, as a sentence. */
function hit(examination: Examination, certificate: Certificate): string {
  const users = unique(usersOf(examination, secretOf(certificate)).map(({ resource }) => refText(resource)));
  const { notAfter } = certificate.status ?? {};
  const end = timeOf(notAfter);
  const left =
    end === undefined
      ? ''
      : ` The certificate it has ${end < examination.now ? 'expired' : 'expires'} ${end < examination.now ? `${spanText(examination.now - end)} ago` : `in ${spanText(end - examination.now)}`}.`;
  return `${left}${users.length === 0 ? '' : ` Its Secret is used by ${users.slice(0, 3).join(', ')}.`}`;
}

function secretOf({ spec, metadata }: Certificate) {
  return { group: '', kind: 'Secret', namespace: metadata.namespace ?? '', name: spec?.secretName ?? '' };
}

function severityOf(examination: Examination, certificate: Certificate): Severity {
  const end = timeOf(certificate.status?.notAfter);
  if (end === undefined) return 'high';
  const leftMs = end - examination.now;
  const isServed = usersOf(examination, secretOf(certificate)).some(({ use }) => use === 'serves');
  if (leftMs < 0) return isServed ? 'critical' : 'high';
  return leftMs < examination.thresholds.certificateDays.critical * DAY ? 'high' : 'medium';
}
