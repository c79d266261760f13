/** Sentences about certificates: what they are called, who uses them, who renews them. */
import { refText, type CertificateFacts } from '@aia/cluster';
import { renewalOf } from './certificate-renewal.ts';
import { usersOf } from './certificate-users.ts';
import { usedAt } from './certificates.ts';
import type { Examination } from '../examination.ts';
import { unique } from '../order.ts';
import { listText } from '../wording.ts';

/** `The certificate of Secret shop/tls`; of a bundle, the one that holds longest. */
export function certificateText(certificate: CertificateFacts): string {
  const place = usedAt(certificate);
  return certificate.source.kind === 'ca-bundle'
    ? `The last valid certificate in ${place}`
    : `The certificate of ${place}`;
}

/** Who is hit and who is to renew it, as a sentence that begins with a space; empty where neither is known. */
export function careText(examination: Examination, certificate: CertificateFacts): string {
  const { source } = certificate;
  const users = source.kind === 'secret' ? usersOf(examination, source.ref) : [];
  const used = unique(users.map(({ resource }) => refText(resource)));
  const renewal = renewalOf(examination, certificate);
  const parts = [
    ...(used.length > 0 ? [`it is used by ${listText(used)}`] : []),
    ...(renewal.by === 'nobody-known' ? [] : [`it is renewed by ${renewal.text}`]),
  ];
  const [first = ''] = parts;
  return first === ''
    ? ''
    : ` ${first.replace('it', 'It')}${parts
        .slice(1)
        .map((part) => `; ${part}`)
        .join('')}.`;
}
