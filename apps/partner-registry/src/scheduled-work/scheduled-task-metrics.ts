import type { INestApplicationContext } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { ScheduledWork } from './scheduled-work.js';

/** `scheduled_task_age_seconds{task}`; nothing where this replica does none. */
export function scheduledTaskMetrics(registry: Registry, app: INestApplicationContext): void {
  registerTaskAges(registry, app.get(ScheduledWork, { strict: false }));
}

export function registerTaskAges(registry: Registry, work: ScheduledWork): void {
  new Gauge({
    name: 'scheduled_task_age_seconds',
    help: 'Time since a round of the task last succeeded in this process, or since it started',
    labelNames: ['task'],
    registers: [registry],
    collect() {
      for (const [task, age] of work.ages()) this.set({ task }, age);
    },
  });
}
