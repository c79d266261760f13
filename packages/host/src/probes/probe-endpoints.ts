/** Asks several endpoints for their certificates, and adds what they showed to a snapshot. */
import { createSnapshot, type ClusterSnapshot, type MissingInput } from '@aia/cluster';
import { inParallel } from '../live/in-parallel.ts';
import { endpointText, type Endpoint } from './endpoint.ts';
import { probeCertificate, type CertificateProbe, type CertificateProbeOptions } from './probe-certificate.ts';

const AT_A_TIME = 8;

/**
 * One probe per endpoint, in the given order, an endpoint named twice once. What fails is a result; only cancelling rejects.
 * @throws the signal's reason when cancelled
 */
export async function probeEndpoints(
  endpoints: readonly Endpoint[],
  options: Omit<CertificateProbeOptions, 'servername'> = {},
): Promise<readonly CertificateProbe[]> {
  const distinct = [...new Map(endpoints.map((endpoint) => [endpointText(endpoint), endpoint])).values()];
  return inParallel(distinct, AT_A_TIME, ({ host, port }) => probeCertificate(host, port, options));
}

/** The snapshot with the certificates that were shown; an endpoint that showed none is a missing input. */
export function withProbes(snapshot: ClusterSnapshot, probes: readonly CertificateProbe[]): ClusterSnapshot {
  const certificates = [
    ...snapshot.certificates,
    ...probes.flatMap((probe) => (probe.kind === 'certificate' ? [probe.facts] : [])),
  ];
  const isShown = probes.some(({ kind }) => kind === 'certificate');
  const missing = [
    ...snapshot.missing.filter(({ input }) => input !== 'certificates' || !isShown),
    ...probes.flatMap((probe) => (probe.kind === 'failed' ? [missingEndpoint(probe)] : [])),
  ];
  return createSnapshot({ ...snapshot, certificates, missing });
}

function missingEndpoint({ host, port, reason }: Extract<CertificateProbe, { kind: 'failed' }>): MissingInput {
  return {
    input: `endpoint:${endpointText({ host, port })}`,
    reason,
    consequence: 'its certificate cannot be judged',
  };
}
