import { Module } from '@nestjs/common';
import { Operators } from './operators.js';

@Module({ providers: [Operators], exports: [Operators] })
export class OperatorsModule {}
