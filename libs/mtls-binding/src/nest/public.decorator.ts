import { Reflector } from '@nestjs/core';

const marker = Reflector.createDecorator<void, true>({ transform: () => true });

/** Opens a route, or every route of a controller, to callers without a token. */
export const Public: typeof marker = marker;
