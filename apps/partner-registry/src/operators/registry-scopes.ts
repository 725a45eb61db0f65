/** The scopes of the registry's own API: one per noun and verb. An operator's client is granted them like any other's. */
export const REGISTRY_SCOPES = [
  { name: 'registry:partners:read', description: 'See partners.' },
  { name: 'registry:partners:write', description: 'Create partners and change their status.' },
  { name: 'registry:clients:read', description: 'See clients.' },
  { name: 'registry:clients:write', description: 'Register clients and change their status.' },
  { name: 'registry:certificates:read', description: 'See certificates.' },
  { name: 'registry:certificates:write', description: 'Upload and revoke certificates.' },
  { name: 'registry:grants:read', description: 'See which scopes clients were granted.' },
  { name: 'registry:grants:write', description: 'Grant scopes to clients.' },
  { name: 'registry:resource-servers:read', description: 'See resource servers and their scopes.' },
  { name: 'registry:resource-servers:write', description: 'Register resource servers and their scopes.' },
  {
    name: 'registry:operators:write',
    description: 'Change the platform’s own partner and its clients, and grant scopes of the registry itself.',
  },
] as const;

export type RegistryScope = (typeof REGISTRY_SCOPES)[number]['name'];
