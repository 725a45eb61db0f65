import type { DatabaseRoles } from '@partner-ecosystem/platform/database';

export const databaseRoles: DatabaseRoles = {
  schema: 'registry',
  ownerRole: 'partner_registry_owner',
  appRole: 'partner_registry_app',
};
