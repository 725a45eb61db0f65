import { Module, type DynamicModule } from '@nestjs/common';
import { AuditEventsController } from './audit-events.controller.js';
import { AUDIT_HEAD_SETTINGS, ExportAuditHeads, type AuditHeadSettings } from './heads/export-audit-heads.js';
import { ReadAuditEvents } from './read-audit-events.js';

@Module({ controllers: [AuditEventsController], providers: [ReadAuditEvents, ExportAuditHeads] })
export class AuditModule {
  static exporting(heads: AuditHeadSettings): DynamicModule {
    return { module: AuditModule, providers: [{ provide: AUDIT_HEAD_SETTINGS, useValue: heads }] };
  }
}
