/** Secrets that are needed once. */

/**
 * What is made from a secret, which is overwritten afterwards. As far as that goes: the copies of libraries and of the engine's garbage collector stay until their
 * memory is used again.
 */
export function wiped<S extends Uint8Array, T>(secret: S, make: (secret: S) => T): T {
  try {
    return make(secret);
  } finally {
    secret.fill(0);
  }
}
