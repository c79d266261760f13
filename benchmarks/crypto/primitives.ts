/** Each primitive in both providers. */
import { provider as noble } from '../../packages/identity/src/provider/noble.ts';
import { provider as node } from '../../packages/identity/src/provider/node.ts';
import type { CryptoProvider, SignatureScheme } from '../../packages/identity/src/provider/provider.ts';
import { figure, type Figure, type Size } from '../figure.ts';
import { meanCpuMs, type Effort, type Operation } from './cpu.ts';

const MESSAGE = counted(1024);

interface Primitive {
  readonly name: string;
  readonly operation: (provider: CryptoProvider) => Operation;
  /** Takes seconds in noble: once, and only at full size. */
  readonly isSlow?: boolean;
}

const PRIMITIVES: readonly Primitive[] = [
  { name: 'SHA-256 of 1 KiB', operation: (p) => () => p.sha256(MESSAGE) },
  { name: 'SHA-512 of 1 KiB', operation: (p) => () => p.sha512(MESSAGE) },
  { name: 'SHA3-256 of 1 KiB', operation: (p) => () => p.sha3_256(MESSAGE) },
  { name: 'HKDF-SHA256, 32 bytes', operation: (p) => () => p.hkdfSha256(counted(32), counted(0), MESSAGE, 32) },
  { name: 'ChaCha20-Poly1305 of 1 KiB', operation: (p) => sealing(p.chaCha20Poly1305) },
  { name: 'AES-256-GCM of 1 KiB', operation: (p) => sealing(p.aes256Gcm) },
  ...signing('Ed25519', 'ed25519'),
  ...signing('ML-DSA-44', 'mlDsa44'),
  ...signing('ML-DSA-65', 'mlDsa65'),
  ...signing('ML-DSA-87', 'mlDsa87'),
  ...signing('SLH-DSA-SHA2-128s', 'slhDsaSha2128s').map((one) => ({ ...one, isSlow: true })),
  { name: 'X25519 key', operation: (p) => () => p.x25519.agreementKey(counted(32)) },
  { name: 'X25519 agreement', operation: agreeing },
  { name: 'ML-KEM-768 key', operation: (p) => () => p.mlKem768.decapsulationKey(counted(64)) },
  { name: 'ML-KEM-768 encapsulation', operation: encapsulating },
  { name: 'ML-KEM-768 decapsulation', operation: decapsulating },
];

/** Figures of all of them; without bounds, since how native code is made is not ours. */
export async function primitiveFigures(size: Size, progress: (text: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { name, operation, isSlow } of PRIMITIVES) {
    if (isSlow === true && size === 'small') continue;
    progress(name);
    const [ours, native] = (await meanCpuMs([operation(noble), operation(node)], effortOf(size, isSlow))) as [
      number,
      number,
    ];
    figures.push(figure(`noble ÷ node:crypto, ${name}`, ours / native, '×'));
    figures.push(figure(`node:crypto, ${name}`, native * 1000, 'µs'));
  }
  return figures;
}

function effortOf(size: Size, isSlow = false): Effort {
  if (isSlow) return { rounds: 1, roundMs: 1 };
  return size === 'full' ? { rounds: 10, roundMs: 20 } : { rounds: 1, roundMs: 2 };
}

type SchemeName = 'ed25519' | 'mlDsa44' | 'mlDsa65' | 'mlDsa87' | 'slhDsaSha2128s';

function signing(name: string, scheme: SchemeName): readonly Primitive[] {
  const key = ({ seedBytes, signingKey }: SignatureScheme) => signingKey(counted(seedBytes));
  return [
    { name: `${name} key`, operation: (p) => () => key(p[scheme]) },
    {
      name: `${name} signature`,
      operation: (p) => {
        const { sign } = key(p[scheme]);
        return () => sign(MESSAGE);
      },
    },
    {
      name: `${name} verification`,
      operation: (p) => {
        // Signed by the fast one for both.
        const { publicKey, sign } = key(node[scheme]);
        const [verifying, signature] = [p[scheme].verifyingKey(publicKey), sign(MESSAGE)];
        return () => held(verifying?.verify(MESSAGE, signature));
      },
    },
  ];
}

function sealing({ seal, keyBytes }: CryptoProvider['chaCha20Poly1305']): Operation {
  const [key, nonce] = [counted(keyBytes), counted(12)];
  return () => seal(key, nonce, MESSAGE);
}

function agreeing({ x25519 }: CryptoProvider): Operation {
  const { publicKey } = x25519.agreementKey(counted(32).reverse());
  const key = x25519.agreementKey(counted(32));
  return () => key.sharedSecret(publicKey);
}

function encapsulating({ mlKem768 }: CryptoProvider): Operation {
  const { publicKey } = mlKem768.decapsulationKey(counted(64));
  return () => mlKem768.encapsulate(publicKey);
}

function decapsulating({ mlKem768 }: CryptoProvider): Operation {
  const key = mlKem768.decapsulationKey(counted(64));
  const ciphertext = mlKem768.encapsulate(key.publicKey)?.ciphertext ?? counted(0);
  return () => held(key.decapsulate(ciphertext) !== undefined);
}

function counted(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 151 + 7) & 0xff);
}

function held(isGood: boolean | undefined): void {
  if (isGood !== true) throw new Error('what was measured did not work');
}
