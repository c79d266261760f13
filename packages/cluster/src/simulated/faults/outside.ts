/**
 * Kinds of fault whose cause lies beyond the cluster and the calls that a plan can make to its cloud: what has to be done there, and by whom. Written
 * down before any plan was tried, so that nobody counts as unresolvable what was merely not resolved.
 */
export const OUTSIDE: Readonly<Record<string, string>> = Object.freeze({
  'job-fails': 'whoever started the Job knows the right argument',
  'mesh-partition': 'the control plane of the mesh lets the call through again',
  'dns-down': 'whoever runs the name service corrects its configuration, which no object holds',
  'mount-fails': 'somebody repairs the file system, or restores it from a backup',
  'pod-range-exhausted': 'whoever runs the network adds a range for pods',
  'certificate-expiring': 'whoever holds the private key has the certificate renewed',
  'certificate-expired': 'whoever holds the private key has the certificate renewed',
  'certificate-issuer-not-ready': 'the authority accepts the account',
  'certificate-issuer-refuses': 'the limit of the authority passes',
  'certificate-challenge-fails': 'whoever runs the front lets the challenge through',
  'managed-certificate-failed': 'whoever runs the domain changes its records',
});
