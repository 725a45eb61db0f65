// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1, RFC 9964 section 3: what only the holder of a key may know
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * Whether an object is a JWK that says more than its public part. Members that are null or empty say nothing: some
 * libraries write every member that they know.
 */
export function isPrivateJwk(value: object): boolean {
  const members = value as Record<string, unknown>;
  return 'kty' in members && PRIVATE_MEMBERS.some((name) => isSaid(members[name]));
}

/** Whether a member says anything. */
export function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
