/** Sizes of claims. */
import { amountOf, readableBytes, type PersistentVolumeClaim } from '@aia/cluster';

/** Bytes that a claim requests. */
export function requestedBytes({ spec }: PersistentVolumeClaim): number | undefined {
  return bytesOf(spec?.resources?.requests?.['storage']);
}

/** Bytes that its volume has, as the claim says. */
export function capacityBytes({ status }: PersistentVolumeClaim): number | undefined {
  return bytesOf(status?.capacity?.['storage']);
}

/** Whether a claim requests more than its volume has. */
export function isExpanding(claim: PersistentVolumeClaim): boolean {
  const requested = requestedBytes(claim);
  const capacity = capacityBytes(claim);
  return requested !== undefined && capacity !== undefined && requested > capacity;
}

/** `20 GiB` of a quantity; the quantity itself where it cannot be read. */
export function sizeText(quantity: string): string {
  const bytes = bytesOf(quantity);
  return bytes === undefined ? quantity : readableBytes(bytes);
}

/** Bytes of a quantity of storage. */
export function bytesOf(quantity: string | number | undefined): number | undefined {
  return quantity === undefined ? undefined : amountOf('storage', quantity);
}
