/** How findings about PersistentVolumes are worded. */
import { readableBytes, type PersistentVolume } from '@aia/cluster';
import { bytesOf } from './claim-size.ts';

/** ` of 20 GiB`, or nothing where the volume does not say. */
export function ofSize({ spec }: PersistentVolume): string {
  const bytes = bytesOf(spec?.capacity?.['storage']);
  return bytes === undefined ? '' : ` of ${readableBytes(bytes)}`;
}

/** `shop/data`, the claim that a volume is or was bound to; `''` without one. */
export function claimText({ spec }: PersistentVolume): string {
  const { namespace = '', name } = spec?.claimRef ?? {};
  return name === undefined ? '' : `${namespace}/${name}`;
}
