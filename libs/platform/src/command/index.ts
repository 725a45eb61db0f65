export { migrateCommand, prepareDatabaseCommand } from './database-commands.js';
export { CommandError, runCommand, type Command } from './run-command.js';
