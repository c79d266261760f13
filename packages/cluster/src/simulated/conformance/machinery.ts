import type { ConformanceCase } from './conformance-case.ts';
import { CUSTOM_RESOURCE_CASES } from './machinery/custom-resources.ts';
import { CUSTOM_RESOURCE_VALIDATION_CASES } from './machinery/custom-resource-validation.ts';
import { DELETION_CASES } from './machinery/deletion.ts';
import { GARBAGE_COLLECTION_CASES } from './machinery/garbage-collection.ts';
import { LIST_CASES } from './machinery/lists.ts';
import { NAMESPACE_CASES } from './machinery/namespaces.ts';
import { OBJECT_CASES } from './machinery/objects.ts';

/** Storing, finding, watching and deleting. */
export const MACHINERY_CASES: readonly ConformanceCase[] = [
  ...OBJECT_CASES,
  ...DELETION_CASES,
  ...LIST_CASES,
  ...GARBAGE_COLLECTION_CASES,
  ...NAMESPACE_CASES,
  ...CUSTOM_RESOURCE_CASES,
  ...CUSTOM_RESOURCE_VALIDATION_CASES,
];
