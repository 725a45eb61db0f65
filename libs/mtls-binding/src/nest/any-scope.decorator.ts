import { Reflector } from '@nestjs/core';

const marker = Reflector.createDecorator<void, true>({ transform: () => true });

/**
 * Says of a route, or of every route of a controller, that a token needs no scope for it: any valid bound token for this API is
 * enough. Without it a route that names no scope stops the boot, since nobody could tell it from one where it was forgotten. // R7
 */
export const AnyScope: typeof marker = marker;
