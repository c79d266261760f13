/** How the commands of `aia identity` ask origins. */
import { createOriginReader, type OriginOptions, type OriginReader } from '../../identity/origin-reader.ts';
import { publicOrIn } from '../../identity/public-address.ts';

/** Options as the command line gives them. */
export interface OriginArguments {
  readonly offline?: boolean;
  /** In CIDR notation. */
  readonly allowNetwork?: readonly string[];
}

/** A reader of origins, or `undefined` where none is asked. */
export function originReaderOf(
  { offline = false, allowNetwork = [] }: OriginArguments,
  bounds: Pick<OriginOptions, 'mostBytes'> = {},
): OriginReader | undefined {
  return offline ? undefined : createOriginReader({ ...bounds, isAllowed: publicOrIn(allowNetwork) });
}
