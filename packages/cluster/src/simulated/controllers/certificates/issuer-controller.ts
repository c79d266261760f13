/**
 * cert-manager's Issuers and ClusterIssuers: whether they can sign.
 * Source: https://cert-manager.io/docs/configuration/; https://github.com/cert-manager/cert-manager, `pkg/issuer`
 */
import { sameJson } from '../../../snapshot/diff.ts';
import { SECRETS } from '../../api/built-in-types.ts';
import type { EventType } from '../../events/event-recorder.ts';
import type { SimulationContext } from '../../simulation-context.ts';
import { isChangeOf, ObjectIndex } from '../../store/object-index.ts';
import type { Change } from '../../store/object-store.ts';
import type { Controller } from '../controller.ts';
import { keyOf, namesOf } from '../object-key.ts';
import {
  CLUSTER_ISSUERS,
  conditionOf,
  ISSUERS,
  issuerType,
  withCondition,
  type IssuerObject,
} from './certificate-kinds.ts';
import { RecordedObjects } from './recorded-objects.ts';

/** Where Secrets of ClusterIssuers are looked for. Source: `--cluster-resource-namespace` */
const CLUSTER_NAMESPACE = 'cert-manager';
const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 300_000;

interface Outcome {
  readonly isReady: boolean;
  readonly reason: string;
  readonly message: string;
}

const READY: Readonly<Record<string, Omit<Outcome, 'isReady'>>> = {
  acme: { reason: 'ACMEAccountRegistered', message: 'The ACME account was registered with the ACME server' },
  ca: { reason: 'KeyPairVerified', message: 'Signing CA verified' },
  selfSigned: { reason: 'IsReady', message: '' },
  vault: { reason: 'VaultVerified', message: 'Vault verified' },
  venafi: { reason: 'VenafiIssuerStarted', message: 'Venafi issuer started' },
};

export function issuerController(context: SimulationContext): Controller {
  const setup = new IssuerSetup(context);
  return {
    name: 'cert-manager-issuers',
    keysOf: (change) => setup.keysOf(change),
    reconcile: (key) => setup.look(key),
  };
}

class IssuerSetup {
  readonly #context: SimulationContext;
  readonly #recorded: RecordedObjects;
  readonly #bySecret: readonly ObjectIndex<IssuerObject>[];
  readonly #retries = new Map<string, number>();

  constructor(context: SimulationContext) {
    this.#context = context;
    this.#recorded = new RecordedObjects(context.clock);
    this.#bySecret = [ISSUERS, CLUSTER_ISSUERS].map(
      (type) => new ObjectIndex(context.api.store, type, (issuer) => [signingSecretOf(issuer)?.join('/') ?? '']),
    );
  }

  /** `Issuer namespace/name`, `ClusterIssuer /name`. */
  keysOf(change: Change): readonly string[] {
    if (isChangeOf(change, ISSUERS) || isChangeOf(change, CLUSTER_ISSUERS))
      return this.#recorded.note(change, [queueKeyOf(change.object)]);
    if (!isChangeOf(change, SECRETS)) return [];
    const users = this.#bySecret.flatMap((index) => [...index.get(keyOf(change.object))]);
    return this.#recorded.note(change, users.map(queueKeyOf));
  }

  look(key: string): number | undefined {
    const { api } = this.#context;
    const [kind = '', title = ''] = key.split(' ');
    const type = kind === 'Issuer' ? ISSUERS : CLUSTER_ISSUERS;
    const issuer = api.store.get(type, ...namesOf(title));
    if (issuer === undefined || this.#recorded.isUntouched(key)) return undefined;
    const outcome = this.#outcome(issuer);
    if (outcome === undefined) return undefined;
    this.#report(type, issuer, outcome);
    if (outcome.isReady) {
      this.#retries.delete(key);
      return undefined;
    }
    const retryMs = this.#retries.get(key) ?? FIRST_RETRY_MS;
    this.#retries.set(key, Math.min(LONGEST_RETRY_MS, retryMs * 2));
    return retryMs;
  }

  #outcome(issuer: IssuerObject): Outcome | undefined {
    const { api, behaviours, clock } = this.#context;
    const type = issuerType(issuer);
    if (type === undefined) return undefined;
    const { name, namespace = '' } = issuer.metadata;
    const kind = issuer.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer';
    const { readyError } = behaviours.issuer?.({ kind, namespace, name, type, at: clock.now, names: [] }) ?? {};
    if (readyError !== undefined) return { isReady: false, ...readyError };
    const secret = signingSecretOf(issuer);
    if (secret !== undefined && api.store.get(SECRETS, ...secret) === undefined) {
      const message = `Error getting keypair for CA issuer: secrets ${JSON.stringify(secret[1])} not found`;
      return { isReady: false, reason: 'ErrGetKeyPair', message };
    }
    return { isReady: true, ...(READY[type] as Omit<Outcome, 'isReady'>) };
  }

  #report(type: typeof ISSUERS, issuer: IssuerObject, { isReady, reason, message }: Outcome): void {
    const { api, clock } = this.#context;
    const { name, namespace = '', generation } = issuer.metadata;
    const known = conditionOf(issuer.status?.conditions, 'Ready');
    const isNews = known?.reason !== reason || known.message !== message;
    const status = isReady ? 'True' : 'False';
    api.changeStatus(type, namespace, name, (one) => {
      const conditions = withCondition(
        one.status?.conditions,
        { type: 'Ready', status, reason, message },
        clock.now,
        generation,
      );
      return sameJson(one.status?.conditions, conditions) ? one : { ...one, status: { ...one.status, conditions } };
    });
    if (!isReady) {
      this.#tell(issuer, 'Warning', reason, message);
      this.#tell(issuer, 'Warning', 'ErrInitIssuer', `Error initializing issuer: ${message.replace(/^[^:]*: /, '')}`);
    } else if (isNews && reason === 'KeyPairVerified') this.#tell(issuer, 'Normal', reason, message);
  }

  #tell(issuer: IssuerObject, type: EventType, reason: string, text: string): void {
    const component = `cert-manager-${issuer.kind.toLowerCase()}s`;
    this.#context.events.record(issuer, type, reason, text, { component });
  }
}

function queueKeyOf(issuer: IssuerObject): string {
  return `${issuer.kind} ${keyOf(issuer)}`;
}

/** The Secret with the key of an authority: namespace and name. */
function signingSecretOf({ kind, metadata, spec }: IssuerObject): readonly [string, string] | undefined {
  const { secretName } = (spec?.['ca'] ?? {}) as { readonly secretName?: unknown };
  if (typeof secretName !== 'string') return undefined;
  return [kind === 'ClusterIssuer' ? CLUSTER_NAMESPACE : (metadata.namespace ?? ''), secretName];
}
