import { Module } from '@nestjs/common';
import { Limits, LimitsPolicy } from '@partner-ecosystem/platform/limits';

@Module({
  providers: [{ provide: Limits, inject: [LimitsPolicy], useFactory: (policy: LimitsPolicy) => new Limits(policy) }],
  exports: [Limits],
})
export class LimitsModule {}
