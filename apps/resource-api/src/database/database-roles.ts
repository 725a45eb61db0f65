import type { DatabaseRoles } from '@partner-ecosystem/platform/database';

export const databaseRoles: DatabaseRoles = {
  schema: 'resource',
  ownerRole: 'resource_api_owner',
  appRole: 'resource_api_app',
};
