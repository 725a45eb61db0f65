import { Controller, Get, Module, Post, type Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnyScope, MtlsBindingModule, Public, RequireScope } from '../index.js';
import { GuardStage, bearer } from './guard-stage.testing.js';
import { ADAPTERS, createApp } from './guarded-app.testing.js';

let stage: GuardStage;

beforeAll(async () => {
  stage = await GuardStage.create();
});

afterAll(() => stage.close());

@Controller('named')
class Named {
  @Get() @RequireScope('things:read') list() {
    return {};
  }
  @Get('any') @AnyScope() any() {
    return {};
  }
  @Get('open') @Public() open() {
    return {};
  }
  helper() {}
}

@Controller('all')
@RequireScope('things:read')
class AllScoped {
  @Get() list() {}
}

@Controller('any')
@AnyScope()
class AllAny {
  @Get() list() {}
}

@Controller('open')
@Public()
class AllOpen {
  @Get() list() {}
}

@Controller('silent')
class Silent {
  @Get() @RequireScope('things:read') list() {}
  @Get('forgotten') forgotten() {}
  @Post() alsoForgotten() {}
}

class Inherited {
  @Get('base') base() {}
}

@Controller('heir')
class Heir extends Inherited {}

async function boot(adapter: (typeof ADAPTERS)[number], ...controllers: Type[]): Promise<void> {
  @Module({})
  class App {}
  const imports = [MtlsBindingModule.forRoot(stage.options())];
  const app = await createApp({ module: App, imports, controllers } as never, adapter, stage.server);
  try {
    await app.init();
  } finally {
    await app.close();
  }
}

describe.each(ADAPTERS)('R7: on %s a guarded route says which scopes it needs', (adapter) => {
  it('with @RequireScope(), @AnyScope() or @Public(), on itself or on its controller', async () => {
    await expect(boot(adapter, Named, AllScoped, AllAny, AllOpen)).resolves.toBeUndefined();
  });

  it('or the boot fails with a sentence that names each of them', async () => {
    await expect(boot(adapter, Named, Silent)).rejects.toThrow(
      /^Silent\.forgotten, Silent\.alsoForgotten: say which scopes .*@RequireScope\(\).*@AnyScope\(\).*@Public\(\)/,
    );
  });

  it('one that its controller inherited too', async () => {
    await expect(boot(adapter, Heir)).rejects.toThrow(/^Heir\.base: /);
  });

  it('@AnyScope() asks for a token all the same', async () => {
    const port = await stage.start(stage.options(), adapter);
    expect((await stage.get(port, '/token', stage.alice)).status).toBe(401);
    const token = await stage.tokenFor(stage.alice, { scope: undefined });
    expect((await stage.get(port, '/token', stage.mallory, bearer(token))).status).toBe(401);
    expect((await stage.get(port, '/token', stage.alice, bearer(token))).status).toBe(200);
  });
});
