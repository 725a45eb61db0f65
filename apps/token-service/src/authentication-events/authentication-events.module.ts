import { Module } from '@nestjs/common';
import { AuthenticationEvents } from './authentication-events.js';
import { AuthenticationEventsRepository } from './authentication-events.repository.js';
import { AuthenticationMetrics } from './authentication-metrics.js';
import { StoreRefusedAttempts } from './store-refused-attempts.js';

@Module({
  providers: [AuthenticationEvents, AuthenticationEventsRepository, AuthenticationMetrics, StoreRefusedAttempts],
  exports: [AuthenticationEvents, AuthenticationMetrics],
})
export class AuthenticationEventsModule {}
