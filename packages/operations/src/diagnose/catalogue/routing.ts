/** Rules about Ingresses and the Gateway API. */
import type { Rule } from '../rule.ts';
import { rule as gatewayClassMissing } from '../rules/gateway-class-missing/rule.ts';
import { rule as gatewayClassNotAccepted } from '../rules/gateway-class-not-accepted/rule.ts';
import { rule as gatewayNotProgrammed } from '../rules/gateway-not-programmed/rule.ts';
import { rule as gatewayTlsSecretMissing } from '../rules/gateway-tls-secret-missing/rule.ts';
import { rule as ingressAddressPending } from '../rules/ingress-address-pending/rule.ts';
import { rule as ingressBackendConfigMissing } from '../rules/ingress-backend-config-missing/rule.ts';
import { rule as ingressBackendMissing } from '../rules/ingress-backend-missing/rule.ts';
import { rule as ingressBackendTypeUnsupported } from '../rules/ingress-backend-type-unsupported/rule.ts';
import { rule as ingressBackendUnavailable } from '../rules/ingress-backend-unavailable/rule.ts';
import { rule as ingressClassMissing } from '../rules/ingress-class-missing/rule.ts';
import { rule as ingressHostConflict } from '../rules/ingress-host-conflict/rule.ts';
import { rule as ingressSyncFailed } from '../rules/ingress-sync-failed/rule.ts';
import { rule as ingressTlsSecretMissing } from '../rules/ingress-tls-secret-missing/rule.ts';
import { rule as routeBackendMissing } from '../rules/route-backend-missing/rule.ts';
import { rule as routeBackendUnavailable } from '../rules/route-backend-unavailable/rule.ts';
import { rule as routeNotAccepted } from '../rules/route-not-accepted/rule.ts';
import { rule as routeParentMissing } from '../rules/route-parent-missing/rule.ts';

/** In the order of the reference pages. */
export const ROUTING_RULES: readonly Rule[] = [
  ingressClassMissing,
  ingressBackendMissing,
  ingressBackendUnavailable,
  ingressBackendTypeUnsupported,
  ingressBackendConfigMissing,
  ingressTlsSecretMissing,
  ingressSyncFailed,
  ingressAddressPending,
  ingressHostConflict,
  gatewayClassMissing,
  gatewayClassNotAccepted,
  gatewayNotProgrammed,
  gatewayTlsSecretMissing,
  routeParentMissing,
  routeNotAccepted,
  routeBackendMissing,
  routeBackendUnavailable,
];
