import type { AssessedFinding, CertificateEntry, Posture } from '@aia/contract';
import { counted } from '../../counted.ts';
import type { LightRule, LightView, Shown } from './light.ts';

const CODES =
  /^(?:certificate-|managed-certificate-|webhook-ca-|gateway-tls-|ingress-tls-|secret-missing|secret-key-missing|workload-service-account-missing|workload-pull-secret-missing)/;

/** Findings about certificates, Secrets and accounts. */
export function securityFindings(findings: readonly AssessedFinding[]): readonly AssessedFinding[] {
  return findings.filter(({ code }) => CODES.test(code));
}

/** Whether what it secures is at stake. */
export function isBroken({ state, usedBy, kind }: CertificateEntry): boolean {
  const isUsed = usedBy.length > 0 || kind === 'endpoint';
  return isUsed && (state === 'expired' || state === 'faulty' || state === 'not-yet-valid' || state === 'unreadable');
}

/** Certificates, Secrets, accounts, and how guarded pods are. */
export const security: LightRule = {
  id: 'security',
  name: 'Security posture',
  formula:
    'red with a broken certificate in use, a critical finding about certificates, Secrets or accounts, or a workload that is cluster-admin; yellow with an expiring certificate, any other such finding, or a look at the posture that does not hold; green where all certificates were read and are valid and all looks hold; unknown where neither and something was not read',
  words: {
    green: 'guarded',
    yellow: 'gaps to close',
    red: 'exposed',
    unknown: 'not known: not everything was read',
  },
  show: shown,
};

function shown({ assessment: { findings, certificates = [] }, inventory: { posture } }: LightView): Shown {
  const own = securityFindings(findings);
  const broken = certificates.filter(isBroken).length;
  const expiring = certificates.filter(({ state }) => state === 'expiring').length;
  const unread = certificates.filter(({ state }) => state === 'unknown').length;
  const open = posture.filter(({ bad = 0 }) => bad > 0);
  const untold = posture.filter(({ missing }) => missing !== undefined);
  const basis = [
    `${counted(certificates.length, 'certificate')}: ${broken} broken, ${expiring} expiring, ${unread} not read`,
    counted(own.length, 'finding'),
    ...(open.length === 0 ? [] : [open.map(postureText).join('; ')]),
    ...(untold.length === 0
      ? []
      : [`not told: ${untold.map(({ text, missing = '' }) => `${text} (${missing})`).join('; ')}`]),
  ].join('; ');
  const isRed =
    broken > 0 ||
    own.some(({ severity }) => severity === 'critical') ||
    open.some(({ check }) => check === 'cluster-admins');
  if (isRed) return { colour: 'red', basis };
  const isYellow = expiring > 0 || own.some(({ severity }) => severity !== 'info') || open.length > 0;
  if (isYellow) return { colour: 'yellow', basis };
  return { colour: unread > 0 || untold.length > 0 || certificates.length === 0 ? 'unknown' : 'green', basis };
}

/** `3 of 12 workloads that may run as root`. */
export function postureText({ bad = 0, of = 0, text }: Posture): string {
  return `${bad} of ${of} ${text}`;
}
