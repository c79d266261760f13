/** Fields of `io.k8s.api.certificates.v1`. Made by `scripts/kubernetes-schema.ts`. */
export const CERTIFICATES_V1 = `
CertificateSigningRequest@ apiVersion:s kind:s metadata:meta-v1/ObjectMeta={} spec!:CertificateSigningRequestSpec={} status:CertificateSigningRequestStatus={}
CertificateSigningRequestCondition lastTransitionTime:meta-v1/Time lastUpdateTime:meta-v1/Time message:s reason:s status!:s type!:s
CertificateSigningRequestSpec expirationSeconds:i extra:{[s]} groups:[s]~atomic request!:y signerName!:s uid:s usages:[s]~atomic username:s
CertificateSigningRequestStatus certificate:y conditions:[CertificateSigningRequestCondition]~map(type)
`;
