import type { Fault } from './fault.js';

/** Who asks for a certificate gets one for its own key and under its own name. */
export const CERTIFICATE_REQUEST_FAULTS: readonly Fault[] = [
  {
    rule: 'A5',
    then: 'asks for no proof that the key of a request is its sender’s',
    in: 'proofOfPossession',
    find: 'key !== undefined && isSignatureBy(request, key)',
    replace: 'key !== undefined',
    spec: 'libs/x509/src/certification-request/check-certification-request.spec.ts',
  },
  {
    rule: 'A9',
    then: 'lets a request ask for other names beside one of its own',
    in: 'namesRequested',
    find: 'asked.every(fits)',
    replace: '(asked.length === 0 || asked.some(fits))',
    spec: 'apps/partner-registry/src/certificate-requests/judge-certificate-request.spec.ts',
  },
];
