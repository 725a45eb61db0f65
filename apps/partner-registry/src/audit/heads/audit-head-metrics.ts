import type { INestApplicationContext } from '@nestjs/common';
import { registerGauges } from '@partner-ecosystem/platform/health';
import { ExportAuditHeads } from './export-audit-heads.js';

type Registry = Parameters<typeof registerGauges>[0];

/** `audit_head_export_age_seconds`, unless heads are not exported at all. */
export function auditHeadMetrics(registry: Registry, app: INestApplicationContext): void {
  const exporter = app.get(ExportAuditHeads, { strict: false });
  if (exporter.ageSeconds === undefined) return;
  registerGauges(registry, [
    {
      name: 'audit_head_export_age_seconds',
      help: 'Time since this process last exported a signed head of the audit chain, or since it started',
      value: () => exporter.ageSeconds!,
    },
  ]);
}
