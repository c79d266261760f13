/** Numbers of fields. Made by `scripts/kubernetes-protobuf.ts`. */
export const CERTIFICATES_V1_NUMBERS = `
CertificateSigningRequest metadata spec! status
CertificateSigningRequestCondition type! reason message lastUpdateTime lastTransitionTime status!
CertificateSigningRequestList metadata items!
CertificateSigningRequestSpec request! username uid groups usages extra signerName! expirationSeconds!
CertificateSigningRequestStatus conditions certificate
`;
