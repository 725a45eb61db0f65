import { Module } from '@nestjs/common';
import { ChangesController } from './changes.controller.js';
import { ReadChanges } from './read-changes.js';

@Module({ controllers: [ChangesController], providers: [ReadChanges] })
export class ChangesModule {}
