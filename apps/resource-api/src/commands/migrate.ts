import { migrateCommand, runCommand } from '@partner-ecosystem/platform/command';
import { environment } from '../configuration/config.js';
import { migrations } from '../database/data-source.js';
import { databaseRoles } from '../database/database-roles.js';

runCommand(migrateCommand(databaseRoles, migrations, environment));
