import { Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { AnyScope } from './any-scope.decorator.js';
import { rulesOfHandler } from './route-rules.js';

type Decorated = Parameters<Reflector['get']>[1];

/**
 * Stops the boot for guarded routes that say nothing about scopes: each would be open to every token for this API. // R7
 *
 * Does not check: what is no route of a controller, as a handler that was given to the HTTP server itself.
 */
@Injectable()
export class ScopesNamed implements OnModuleInit {
  readonly #scanner = new MetadataScanner();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
  ) {}

  /** @throws TypeError naming every such route */
  onModuleInit(): void {
    const silent = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? this.silentRoutesOf(metatype) : []));
    if (silent.length === 0) return;
    throw new TypeError(
      `${[...new Set(silent)].join(', ')}: say which scopes a token needs there with @RequireScope(), ` +
        'or @AnyScope() if any token for this API is enough, or @Public() if none is needed',
    );
  }

  private silentRoutesOf(controller: Decorated): string[] {
    const { prototype, name } = controller as Type & { prototype: Record<string, Decorated> };
    return this.#scanner
      .getAllMethodNames(prototype)
      .filter((method) => Reflect.hasMetadata(PATH_METADATA, prototype[method]!))
      .filter((method) => this.isSilent(prototype[method]!, controller))
      .map((method) => `${name}.${method}`);
  }

  private isSilent(handler: Decorated, controller: Decorated): boolean {
    const { isPublic, requiredScopes } = rulesOfHandler(this.reflector, handler, controller);
    const saysAny = this.reflector.getAllAndOverride(AnyScope, [handler, controller]) === true;
    return !isPublic && requiredScopes.length === 0 && !saysAny;
  }
}
