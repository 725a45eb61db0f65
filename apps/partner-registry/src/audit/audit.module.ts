import { Module } from '@nestjs/common';
import { AuditEventsController } from './audit-events.controller.js';
import { ReadAuditEvents } from './read-audit-events.js';

@Module({ controllers: [AuditEventsController], providers: [ReadAuditEvents] })
export class AuditModule {}
