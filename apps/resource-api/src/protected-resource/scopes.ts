/** The scopes of this API, as they are granted in the partner registry. */
export const SCOPES = { read: 'shipments:read', write: 'shipments:write' } as const;
