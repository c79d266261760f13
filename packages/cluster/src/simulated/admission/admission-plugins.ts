/** The admission plugins that are on, in the order in which they are asked. Source: `pkg/kubeapiserver/options/plugins.go`. */
import type { AdmissionPlugin } from '../api/request.ts';
import { serviceAddresses } from '../service-addresses/service-addresses.ts';
import type { AdmissionContext } from './admission-context.ts';
import { claimResize, defaultIngressClass, defaultStorageClass, storageProtection, taintNodes } from './completions.ts';
import { defaultTolerations } from './default-tolerations.ts';
import { extendedResourceToleration } from './extended-resource-toleration.ts';
import { limitRanger } from './limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { negAnnotation } from './neg-annotation.ts';
import { podSecurity } from './pod-security/pod-security.ts';
import { priority } from './priority.ts';
import { rbacEscalation } from '../rbac/escalation.ts';
import { resourceQuota } from './quota/resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhooks.ts';

type MakePlugin = (context: AdmissionContext) => AdmissionPlugin;

const PLUGINS: readonly MakePlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodes,
  podSecurity,
  priority,
  defaultTolerations,
  defaultStorageClass,
  storageProtection,
  claimResize,
  runtimeClass,
  defaultIngressClass,
  mutatingWebhooks,
  validatingWebhooks,
  ({ store }) => serviceAddresses(store),
  ({ store }) => rbacEscalation(store),
  resourceQuota,
];

const ON_CLOUD: readonly AdmissionPlugin[] = [negAnnotation, extendedResourceToleration];

export function admissionPlugins(context: AdmissionContext): readonly AdmissionPlugin[] {
  return [...(context.isOnCloud === true ? ON_CLOUD : []), ...PLUGINS.map((make) => make(context))];
}
