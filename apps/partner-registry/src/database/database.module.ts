import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { assertLeastPrivilege } from '@partner-ecosystem/platform/database';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source.js';
import { databaseRoles } from './database-roles.js';

@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(private readonly dataSource: DataSource) {}

  static forUrl(url: string): DynamicModule {
    return { module: DatabaseModule, imports: [TypeOrmModule.forRoot(dataSourceOptions(url))] };
  }

  // With a login that could drop what is revoked, or read another app's schema, the registry does not start.
  onModuleInit(): Promise<void> {
    return assertLeastPrivilege(this.dataSource, databaseRoles);
  }
}
