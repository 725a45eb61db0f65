import type { ProblemTable } from '@partner-ecosystem/platform/problem';

/** What resource servers, grants and the operator rules refuse. */
export const GRANT_PROBLEMS = {
  unknown_audience: {
    status: 422,
    title: 'Unknown audience',
    explanation: 'No resource server is registered with this audience. GET /v1/resource-servers lists them.',
  },
  audience_taken: {
    status: 409,
    title: 'Audience taken',
    explanation: 'A resource server is already registered with this audience.',
  },
  algorithm_not_offered: {
    status: 422,
    title: 'Algorithm not offered',
    explanation:
      'Tokens for the token service itself and for the registry are signed with an algorithm that the token service has keys of: without such tokens every API would soon answer 503. Have it make such a key first.',
  },
  unknown_scope: {
    status: 422,
    title: 'Unknown scope',
    explanation: 'The resource server has no scope of this name; errors[] says which. Nothing was granted.',
  },
  scope_taken: {
    status: 409,
    title: 'Scope taken',
    explanation: 'The resource server has a scope of this name already.',
  },
  environment_mismatch: {
    status: 422,
    title: 'Environment mismatch',
    explanation:
      'Client and resource server belong to different environments. A sandbox client never reaches production.',
  },
  operator_scope_required: {
    status: 403,
    title: 'Operator scope required',
    explanation:
      'Whatever concerns the platform’s own partner, or a grant for the registry or the token service itself, needs a token with the scope registry:operators:write.',
  },
  scope_not_held: {
    status: 403,
    title: 'Scope not held',
    explanation:
      'Nobody grants a scope of the registry that their own token lacks, nor changes the credentials of a client that was granted more than they hold.',
  },
  own_request: {
    status: 403,
    title: 'Own request',
    explanation:
      'A grant is approved or rejected, and a certificate approved, by another operator than the one who requested it.',
  },
  approval_pending: {
    status: 409,
    title: 'Approval pending',
    explanation:
      'The scope needs approval: its grant cannot be extended by requesting it again. Revoke it, or let it end, and request it anew.',
  },
  last_operator: {
    status: 409,
    title: 'Last operator',
    explanation:
      'Afterwards nobody could change operators any more. Make another operator with registry:operators:write first, with an active certificate.',
  },
  registry_client_needed: {
    status: 409,
    title: 'Registry client needed',
    explanation:
      'The registry follows the revocations as a client of the token service. Without that client, its grant or its last certificate it would soon answer 503 to everybody, operators included. Register the successor of its certificate first and give it to the registry; or have the registry run as another client.',
  },
} as const satisfies ProblemTable;
