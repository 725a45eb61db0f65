import { prepareDatabaseCommand, runCommand } from '@partner-ecosystem/platform/command';
import { environment } from '../configuration/config.js';
import { databaseRoles } from '../database/database-roles.js';

runCommand(prepareDatabaseCommand(databaseRoles, environment));
