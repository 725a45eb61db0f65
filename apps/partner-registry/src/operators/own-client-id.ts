/** The `cli_…` that this registry is at the token service, to follow the revocations. */
export const OWN_CLIENT_ID = Symbol('OWN_CLIENT_ID');
