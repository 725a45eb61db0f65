import { Module } from '@nestjs/common';
import { AuthenticationEvents } from './authentication-events.js';
import { AuthenticationEventsRepository } from './authentication-events.repository.js';
import { AuthenticationMetrics } from './authentication-metrics.js';

@Module({
  providers: [AuthenticationEvents, AuthenticationEventsRepository, AuthenticationMetrics],
  exports: [AuthenticationEvents, AuthenticationMetrics],
})
export class AuthenticationEventsModule {}
