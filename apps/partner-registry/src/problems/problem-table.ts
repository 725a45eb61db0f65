import { PLATFORM_PROBLEMS, type ProblemTable } from '@partner-ecosystem/platform/problem';
import { CERTIFICATE_REQUEST_PROBLEMS } from './certificate-request-problems.js';
import { CERTIFICATE_PROBLEMS } from './certificate-problems.js';
import { CLIENT_PROBLEMS } from './client-problems.js';
import { GRANT_PROBLEMS } from './grant-problems.js';
import { REQUEST_PROBLEMS } from './request-problems.js';

const REGISTRY_PROBLEMS = {
  ...REQUEST_PROBLEMS,
  ...CLIENT_PROBLEMS,
  ...CERTIFICATE_PROBLEMS,
  ...CERTIFICATE_REQUEST_PROBLEMS,
  ...GRANT_PROBLEMS,
};

/** What a rule of the registry can refuse with. */
export type RegistryCode = keyof typeof REGISTRY_PROBLEMS;

/** Every stable code: its HTTP status, its title and its page. Exhaustive, so that no error is without a status. */
export const PROBLEMS = {
  ...PLATFORM_PROBLEMS,
  ...REGISTRY_PROBLEMS,
  body_too_large: {
    ...PLATFORM_PROBLEMS.body_too_large,
    explanation:
      'No body larger than 64 KiB is accepted, apart from a CRL as application/pkix-crl, whose limit the operator sets.',
  },
} as const satisfies ProblemTable;
