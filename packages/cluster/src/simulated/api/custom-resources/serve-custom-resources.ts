/** Keeps what is served in step with the CustomResourceDefinitions in the store. */
import { isChangeOf } from '../../store/object-index.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../built-in-types.ts';
import type { ResourceTypes } from '../resource-types.ts';
import type { ObjectStore } from '../../store/object-store.ts';
import { customStrategy } from './custom-strategy.ts';
import { isTrue, storageVersionOf, typeOfVersion, type CustomResourceDefinition } from './definition.ts';

/** From now on: what is established is served, in all versions that say so. */
export function serveCustomResources(store: ObjectStore, types: ResourceTypes): void {
  store.listen((change) => {
    if (!isChangeOf(change, CUSTOM_RESOURCE_DEFINITIONS)) return;
    const definition = change.object as CustomResourceDefinition;
    if (change.kind === 'DELETED') types.removeKind(definition.spec.group, definition.spec.names.kind);
    else if (isTrue(definition, 'Established')) serve(definition, types);
  });
}

/** The version that objects are kept in comes first, as the one that stands for the kind. */
function serve(definition: CustomResourceDefinition, types: ResourceTypes): void {
  const { group, names, versions } = definition.spec;
  const storage = storageVersionOf(definition);
  types.removeKind(group, names.kind);
  if (storage === undefined) return;
  types.keep(typeOfVersion(definition, storage));
  for (const version of versions.filter(({ served }) => served))
    types.add(typeOfVersion(definition, version), customStrategy(definition, version));
}
