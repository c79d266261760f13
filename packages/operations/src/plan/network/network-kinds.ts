/** Kinds of action about Services, load balancers, routes, webhooks and certificates. */
import { allowTraffic } from '../actions/allow-traffic/allow-traffic.ts';
import { deleteWebhook } from '../actions/delete-webhook/delete-webhook.ts';
import { exemptWebhookNamespace } from '../actions/exempt-webhook-namespace/exempt-webhook-namespace.ts';
import { fixIngressBackend } from '../actions/fix-ingress-backend/fix-ingress-backend.ts';
import { fixSelector } from '../actions/fix-selector/fix-selector.ts';
import { fixTargetPort } from '../actions/fix-target-port/fix-target-port.ts';
import { openWebhook } from '../actions/open-webhook/open-webhook.ts';
import { requestQuota } from '../actions/request-quota/request-quota.ts';
import { restoreWebhookBackend } from '../actions/restore-webhook-backend/restore-webhook-backend.ts';
import { consolidateLoadBalancers } from '../actions/consolidate-load-balancers/consolidate-load-balancers.ts';
import { internaliseService } from '../actions/internalise-service/internalise-service.ts';
import { deleteService } from '../actions/delete-service/delete-service.ts';
import { reserveAddress } from '../actions/reserve-address/reserve-address.ts';
import { releaseAddress } from '../actions/release-address/release-address.ts';
import { fixIssuer } from '../actions/fix-issuer/fix-issuer.ts';
import { renewCertificate } from '../actions/renew-certificate/renew-certificate.ts';
import { fixTlsSecret } from '../actions/fix-tls-secret/fix-tls-secret.ts';
import { fixCertificateHost } from '../actions/fix-certificate-host/fix-certificate-host.ts';
import { fixCaBundle } from '../actions/fix-ca-bundle/fix-ca-bundle.ts';
import { traceConnection } from '../actions/trace-connection/trace-connection.ts';
import { createIssuer } from '../actions/create-issuer/create-issuer.ts';
import { aliasService } from '../actions/alias-service/alias-service.ts';
import { answerRefusal } from '../actions/answer-refusal/answer-refusal.ts';
import type { ActionKind } from '../remedy.ts';

/** In the order of the reference page. */
export const NETWORK_KINDS: readonly ActionKind[] = [
  fixSelector,
  fixTargetPort,
  fixIngressBackend,
  allowTraffic,
  deleteWebhook,
  openWebhook,
  restoreWebhookBackend,
  exemptWebhookNamespace,
  requestQuota,
  answerRefusal,
  consolidateLoadBalancers,
  internaliseService,
  deleteService,
  reserveAddress,
  releaseAddress,
  fixIssuer,
  renewCertificate,
  fixTlsSecret,
  fixCertificateHost,
  fixCaBundle,
  traceConnection,
  createIssuer,
  aliasService,
];
