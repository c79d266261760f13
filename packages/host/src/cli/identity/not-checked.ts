/** What a verification does not tell, so that nobody takes it for more than it is. */
import { formatTime, type Resolution } from '@aia/identity';
import type { FoundList } from '../../identity/resolving.ts';
import type { Judgement } from '../../identity/verifying.ts';
import type { Circumstances } from './circumstances.ts';

/** Each in a sentence. */
export function notCheckedOf(
  { what, shown, verified }: Extract<Judgement, { kind: 'verified' }>,
  { at, now, options, resolutions, lists }: Circumstances,
): readonly string[] {
  const isRevocable = (i: number) => verified.some((step) => step.what === 'status' && step.credential === i);
  const lasting = what === 'status-list' ? [] : shown.flatMap((_one, i) => (isRevocable(i) ? [] : [i]));
  return [
    ...(what === 'credential' || what === 'delegation'
      ? [
          'whether whoever shows it is the one it is about: have it presented ("aia identity present") for a challenge of yours',
        ]
      : []),
    ...(what === 'presentation' ? ['whether the challenge was answered before: take each only once'] : []),
    ...(shown.some(({ credential }) => credential.subjects.some((subject) => '_sd_alg' in subject))
      ? ['parts of what is stated that its holder keeps concealed']
      : []),
    ...(options.anyIssuer === true ? ['whether its issuer may say so (--any-issuer)'] : []),
    ...(lasting.length === 0 ? [] : [lastingText(lasting, shown.length)]),
    ...(at < now
      ? [
          `what was revoked after ${formatTime(at)} (--at), and whether it was there then: whoever stole a key that was revoked since can date back`,
        ]
      : []),
    ...listText(lists),
    ...documentText(resolutions),
  ];
}

function lastingText(lasting: readonly number[], of: number): string {
  const which = of === 1 ? 'it names' : `credential ${lasting.map((i) => i + 1).join(', ')} of ${of} names`;
  return `whether it was revoked: ${which} no status list, and only runs out`;
}

function listText(lists: readonly FoundList[]): readonly string[] {
  const handed = lists.filter(({ from }) => from === 'handed-over');
  return handed.length === 0
    ? []
    : ['what was revoked since status lists that were handed over were signed: their origins were not asked'];
}

function documentText(resolutions: ReadonlyMap<string, Resolution>): readonly string[] {
  const stale = Array.from(resolutions).filter(([, found]) => found.kind === 'resolved' && found.isStale);
  if (stale.length === 0) return [];
  return [
    `whether keys were changed or revoked lately by ${stale.map(([did]) => did).join(', ')}: no origin confirmed it`,
  ];
}
