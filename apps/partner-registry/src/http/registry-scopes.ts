/** The scopes of the registry's own API: one per noun and verb. An operator's client is granted them like any other's. */
export const REGISTRY_SCOPES = [
  { name: 'registry:partners:read', description: 'See partners.' },
  { name: 'registry:partners:write', description: 'Create and change partners and their status.' },
  { name: 'registry:contacts:read', description: 'See whom to reach at a partner.' },
  { name: 'registry:contacts:write', description: 'Add, change and erase contacts of partners.' },
  { name: 'registry:clients:read', description: 'See clients.' },
  { name: 'registry:clients:write', description: 'Register and change clients, their trust anchors and their status.' },
  { name: 'registry:certificates:read', description: 'See certificates.' },
  { name: 'registry:certificates:write', description: 'Upload, request, schedule and revoke certificates.' },
  {
    name: 'registry:certificates:approve',
    description: 'Approve and reject requests for certificates that somebody else made.',
  },
  { name: 'registry:grants:read', description: 'See which scopes clients were granted.' },
  { name: 'registry:grants:write', description: 'Grant scopes to clients, and revoke them.' },
  { name: 'registry:grants:approve', description: 'Approve and reject grants that somebody else requested.' },
  { name: 'registry:trust-anchors:read', description: 'See trust anchors and who depends on them.' },
  { name: 'registry:trust-anchors:write', description: 'Register, change and retire trust anchors.' },
  { name: 'registry:resource-servers:read', description: 'See resource servers and their scopes.' },
  { name: 'registry:resource-servers:write', description: 'Register and change resource servers and their scopes.' },
  { name: 'registry:audit:read', description: 'See and export who changed what.' },
  { name: 'registry:changes:read', description: 'Follow changes of the registry.' },
  {
    name: 'registry:operators:write',
    description: 'Change the platform’s own partner and its clients, and grant scopes of the registry itself.',
  },
] as const;

export type RegistryScope = (typeof REGISTRY_SCOPES)[number]['name'];
