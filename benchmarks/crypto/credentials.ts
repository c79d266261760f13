/** Credentials issued and verified, against canonical JSON, hashes and native signatures with keys that are ready. */
import { canonicalBytes, canonicalJson } from '../../packages/identity/src/canonical/jcs.ts';
import { issueCredential } from '../../packages/identity/src/credentials/issue.ts';
import { verifyCredential } from '../../packages/identity/src/credentials/verify.ts';
import { AT, World } from '../../packages/identity/src/credentials/world.suite.ts';
import { provider as node } from '../../packages/identity/src/provider/node.ts';
import { figure, type Figure, type Size } from '../figure.ts';
import { meanCpuMs, type Effort } from './cpu.ts';

/** With both proofs, as our own issuers sign. */
export async function credentialFigures(size: Size): Promise<readonly Figure[]> {
  const world = new World(node);
  const { asserting } = world.issuer;
  const unsigned = world.role();
  const text = canonicalJson(world.signed(unsigned));
  const keys = asserting.map(({ key }) => key);
  const verifying = [
    node.ed25519.verifyingKey(asserting[0].key.publicKey),
    node.mlDsa44.verifyingKey(asserting[1].key.publicKey),
  ];
  const hashed = () => node.sha256(canonicalBytes(unsigned));
  const signatures = keys.map((key) => key.sign(hashed()));
  const effort: Effort = size === 'full' ? { rounds: 30, roundMs: 60 } : { rounds: 2, roundMs: 5 };
  const times = await meanCpuMs(
    [
      () => issueCredential(unsigned, asserting, AT, node),
      () => keys.map((key) => key.sign(hashed())),
      async () => held((await verifyCredential(text, world.verification, node)).kind === 'verified'),
      () => verifying.forEach((key, i) => held(key?.verify(hashed(), signatures[i] ?? hashed()) === true)),
    ],
    effort,
  );
  const [issuing, signing, checking, verified] = times as [number, number, number, number];
  return [
    figure('credential issued ÷ JCS + native signatures', issuing / signing, '×'),
    figure('credential verified ÷ JCS + native signatures', checking / verified, '×'),
    figure('credentials issued per CPU second', 1000 / issuing, '/s'),
    figure('credentials verified per CPU second', 1000 / checking, '/s'),
  ];
}

function held(isGood: boolean): void {
  if (!isGood) throw new Error('what was measured did not work');
}
