/** Codes that stand in what a route calls, on a branch that this route never takes. */
export interface Never {
  readonly routes: RegExp;
  readonly codes: readonly string[];
  readonly because: string;
}

const LAST = ['last_operator', 'registry_client_needed'];

export const NEVER: readonly Never[] = [
  {
    routes: /^ImpactController\./,
    codes: [
      'idempotency_key_in_flight',
      'idempotency_key_reused',
      'revocations_unavailable',
      'operator_scope_required',
    ],
    because: 'a rehearsal keeps no answer, records nothing, and is carried out with every scope',
  },
  { routes: /^ImpactController\.(client|grant)/, codes: ['scope_not_held'], because: 'the same' },
  { routes: /^ImpactController\.anchor/, codes: ['trust_anchor_in_use'], because: 'it is rehearsed with force' },
  {
    routes: /^ImpactController\.client/,
    codes: [
      'certificate_refused',
      'certificate_revoked',
      'client_incomplete',
      'fields_of_method',
      'key_in_use',
      'subject_in_use',
      'unknown_trust_anchor',
    ],
    because: 'it activates nothing, adds no anchor and changes no keys and no subject value',
  },
  {
    routes: /^ImpactController\.certificate/,
    codes: ['date_impossible', 'too_many_certificates'],
    because: 'it is rehearsed without a date',
  },
  { routes: /^PartnersController\.(activate|reinstate)/, codes: LAST, because: 'nothing is taken away' },
  { routes: /^ClientsController\.(activate|reinstate)/, codes: LAST, because: 'nothing is taken away' },
  {
    routes: /^ClientsController\.(suspend|reinstate)/,
    codes: ['client_incomplete'],
    because: 'only a client that is activated has to be complete',
  },
  {
    routes: /^ClientTrustAnchorsController\.(set|add|remove)/,
    codes: ['invalid_transition'],
    because: 'certificates are only judged anew',
  },
  {
    routes: /^ClientTrustAnchorsController\.add/,
    codes: ['identity_incomplete'],
    because: 'there is one anchor at least',
  },
  {
    routes: /^ClientTrustAnchorsController\.remove/,
    codes: ['identity_taken', 'unknown_trust_anchor'],
    because: 'no anchor is added',
  },
  {
    routes: /^CertificateRequestsController\.approve/,
    codes: [
      ...['certificate_known', 'certificate_request_malformed', 'certificate_request_waiting', 'date_impossible'],
      ...['identity_incomplete', 'unknown_certificate', ...LAST],
    ],
    because: 'the request was parsed when it was submitted, and its certificate is a new one, in use at once',
  },
  {
    routes: /^CertificateRequestsController\.reject/,
    codes: ['certificate_request_waiting', 'client_retired', 'scope_not_held'],
    because: 'none is added, and nobody is given anything',
  },
  {
    routes: /^ClientCertificateRequestsController\.submit/,
    codes: ['certificate_known', 'date_impossible', 'identity_incomplete', 'invalid_transition', ...LAST],
    because: 'its certificate is a new one, in use at once',
  },
  { routes: /^GrantsController\.(approve|reject)/, codes: LAST, because: 'nothing is taken away' },
  {
    routes: /^GrantsController\.revoke/,
    codes: ['own_request', 'scope_not_held'],
    because: 'whoever may grant may revoke',
  },
  { routes: /^ScopesController\.changeScope/, codes: ['scope_taken'], because: 'the name of a scope stays' },
];
