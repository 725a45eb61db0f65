import type { DatabaseRoles } from '@partner-ecosystem/platform/database';

export const databaseRoles: DatabaseRoles = {
  schema: 'token',
  ownerRole: 'token_service_owner',
  appRole: 'token_service_app',
};
