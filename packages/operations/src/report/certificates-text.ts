/** The ledger of certificates in words. */
import { refText } from '@aia/cluster';
import type { Assessment, CertificateEntry } from '@aia/contract';
import { clipped, type Page } from './layout.ts';

/** Entries beyond so many are counted: the JSON and Markdown have all. */
const LISTED = 10;

/** One line for each that needs somebody, and for the next to expire; nothing where no certificate is known. */
export function certificatesBlock(page: Page, { certificates = [] }: Assessment): void {
  if (certificates.length === 0) return;
  page.title(`Certificates: ${countsText(certificates)}`);
  const ailing = certificates.filter(({ state }) => state !== 'valid' && state !== 'unknown');
  const next = certificates.find(({ state, notAfterAt }) => state === 'valid' && notAfterAt !== undefined);
  const listed = [...ailing.slice(0, LISTED), ...(next === undefined ? [] : [next])];
  for (const entry of listed) {
    const { bad, warn, good } = page.style;
    const mark = entry.state === 'valid' ? good : entry.state === 'expiring' ? warn : bad;
    page.text(entryText(entry), { indent: 2, column: 16, label: entry.state, labelMark: mark });
  }
  if (ailing.length > LISTED) page.text(`… and ${ailing.length - LISTED} more`, { indent: 2, mark: page.style.dim });
  const unknown = certificates.filter(({ state }) => state === 'unknown').length;
  if (unknown > 0)
    page.text(
      `${unknown} of them ${unknown === 1 ? 'was' : 'were'} not read; --include-tls-secrets or --probe-endpoints shows them.`,
      {
        indent: 2,
        mark: page.style.dim,
      },
    );
}

/** `12, of which 1 expired, 2 expiring`. */
export function countsText(certificates: readonly CertificateEntry[]): string {
  const groups = Map.groupBy(certificates, ({ state }) => state);
  const parts = [...groups].filter(([state]) => state !== 'valid').map(([state, all]) => `${all.length} ${state}`);
  return `${certificates.length}${parts.length === 0 ? ', all valid' : `, of which ${parts.sort().join(', ')}`}`;
}

/** One entry as a sentence. */
function entryText(entry: CertificateEntry): string {
  const parts = [
    `${entry.place}: ${leftText(entry)}`,
    ...entry.faults,
    usersText(entry) === '' ? '' : `used by ${usersText(entry)}`,
    entry.renewedBy.by === 'nobody-known' ? 'no renewal known' : `renewed by ${entry.renewedBy.text}`,
  ];
  return clipped(parts.filter((part) => part !== '').join('; '), 400);
}

/** `expired 3 days ago`, `23 days left`. */
function leftText({ daysLeft }: CertificateEntry): string {
  if (daysLeft === undefined) return 'until when is not known';
  const days = (count: number) => `${count} ${count === 1 ? 'day' : 'days'}`;
  return daysLeft < 0 ? `expired ${days(-daysLeft)} ago` : `${days(daysLeft)} left`;
}

/** `Ingress shop/web, Deployment shop/api`. */
function usersText({ usedBy }: CertificateEntry): string {
  return [...new Set(usedBy.map(({ resource }) => refText(resource)))].join(', ');
}

/** The columns of a table with all entries. */
export const CERTIFICATE_COLUMNS: readonly string[] = [
  'Where',
  'State',
  'Time left',
  'For',
  'Issuer',
  'Used by',
  'Renewed by',
  'Breaks',
];

/** Its cells. */
export function certificateCells(entry: CertificateEntry): readonly string[] {
  const { place, state, subject = '', issuer = '', names, renewedBy, breaks, faults } = entry;
  return [
    place,
    faults.length === 0 ? state : `${state}: ${faults.join('; ')}`,
    leftText(entry),
    [subject, ...names]
      .filter((part) => part !== '')
      .slice(0, 5)
      .join(', '),
    issuer,
    usersText(entry),
    renewedBy.text,
    breaks,
  ];
}
