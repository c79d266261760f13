/**
 * GKE's webhook that has Ingresses reach the pods of a new Service directly, unless the Service says otherwise.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/container-native-load-balancing
 */
import type { Service } from '../../model/kinds.ts';
import { SERVICES } from '../api/built-in-types.ts';
import type { Admission, AdmissionPlugin } from '../api/request.ts';

const NEG = 'cloud.google.com/neg';

export const negAnnotation: AdmissionPlugin = {
  name: 'neg-annotation.config.common-webhooks.networking.gke.io',
  mutate: (admission) => (isNewService(admission) ? annotated(admission.object) : admission.object),
};

function isNewService(admission: Admission): admission is Admission<Service> {
  const { type, operation, subresource } = admission;
  return type.kind === SERVICES.kind && type.group === '' && operation === 'CREATE' && subresource === '';
}

function annotated(service: Service): Service {
  const { annotations = {} } = service.metadata;
  if (annotations[NEG] !== undefined || service.spec?.type === 'ExternalName') return service;
  const metadata = { ...service.metadata, annotations: { ...annotations, [NEG]: '{"ingress":true}' } };
  return { ...service, metadata };
}
