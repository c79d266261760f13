import { refText } from '@aia/cluster';
import { CERTIFICATE_COLUMNS, certificateCells, countsText } from '../../certificates-text.ts';
import { counted } from '../../counted.ts';
import { securityFindings } from '../lights/security.ts';
import { bullets, detail, paragraph, tableOr, type Cell, type Section } from '../section.ts';
import type { StrategyView } from '../strategy-view.ts';
import { firstOf, lampText, LIGHT_TONES } from '../wording.ts';

/** Certificates, Secrets, accounts, and how guarded pods are; what was not read is said. */
export function securitySection(view: StrategyView): Section {
  const { assessment, inventory, strategy } = view;
  const { certificates = [], findings, missing, redactions } = assessment;
  const light = strategy.lights.find(({ id }) => id === 'security');
  const masked = Object.values(redactions).reduce((sum, count) => sum + count, 0);
  return {
    id: 'security',
    title: 'Security',
    blocks: [
      ...(light === undefined ? [] : [paragraph(`${lampText(light)}. ${light.basis}.`, LIGHT_TONES[light.colour])]),
      tableOr(
        'No pod and no binding was read, so that nothing can be said of how guarded they are.',
        ['Look', 'Result', 'Where'],
        inventory.posture.map((one): readonly (string | Cell)[] => [
          one.text,
          one.missing === undefined
            ? { text: `${one.bad ?? 0} of ${one.of ?? 0}`, tone: (one.bad ?? 0) > 0 ? 'warn' : 'good' }
            : { text: `not told: ${one.missing}`, tone: 'dim' },
          one.examples.join(', '),
        ]),
      ),
      ...bullets(
        'Findings about certificates, Secrets and accounts',
        firstOf(
          securityFindings(findings).map(({ severity, message }) => `${severity}: ${message}`),
          12,
        ),
      ),
      ...bullets('What the plan changes of it', firstOf(changed(view), 12)),
      ...bullets('Secrets', [
        `Values of Secrets are never read; ${masked === 0 ? 'nothing else that looked like one was met' : `${counted(masked, 'value')} that are or look like one ${masked === 1 ? 'was' : 'were'} masked before anything else saw ${masked === 1 ? 'it' : 'them'}`}.`,
        'No command or file of this document holds a value of a Secret; where one is missing, a person sets it.',
      ]),
      ...bullets(
        'Not read',
        missing
          .filter(({ input }) => /certificate|secret|endpoint|rbac|polic/i.test(input))
          .map(({ input, reason, consequence }) => `${input}: ${reason}; ${consequence}`),
      ),
    ],
    parts: [
      {
        id: 'certificates',
        title: `Certificates: ${countsText(certificates)}`,
        blocks: [
          detail(
            tableOr(
              'No certificate is known; --probe HOST, --probe-endpoints or --include-tls-secrets shows those in use.',
              CERTIFICATE_COLUMNS,
              certificates.map(certificateCells),
            ),
          ),
        ],
      },
    ],
  };
}

const KINDS: ReadonlySet<string> = new Set([
  'Secret',
  'ServiceAccount',
  'NetworkPolicy',
  'Certificate',
  'Issuer',
  'ClusterIssuer',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
]);

function changed({ actions }: StrategyView): readonly string[] {
  return actions.flatMap(({ action, number }) => {
    const grants = action.steps.flatMap(({ change }) =>
      change.kind === 'cloud' && change.call.operation === 'grant-role'
        ? [`${number}: grants ${change.call.role} to ${change.call.member} for ${change.call.purpose}`]
        : [],
    );
    const touches = action.steps.some(({ change }) => 'target' in change && KINDS.has(change.target.kind));
    return touches || KINDS.has(action.target.kind)
      ? [`${number}: ${action.title} (${refText(action.target)})`, ...grants]
      : grants;
  });
}
