import { Controller, Get, Head, Module, Post, type Type } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnListener } from './index.js';
import { call, served, type ServedApp } from './served-app.fixture.spec.js';

@Controller()
@OnListener('mtls')
class Things {
  @Get('things')
  list() {
    return { from: 'mtls' };
  }

  @OnListener('tls')
  @Get('public')
  publicThing() {
    return { from: 'tls' };
  }

  @OnListener('tls', 'mtls')
  @Get('both')
  both() {
    return { from: 'either' };
  }

  @Get('same')
  sameOnMtls() {
    return { from: 'mtls' };
  }

  @Get('things/:id/parts')
  parts() {
    return { from: 'mtls' };
  }
}

@Controller()
class Others {
  @Get('same')
  @OnListener('tls')
  sameOnTls() {
    return { from: 'tls' };
  }

  @Post('token')
  @OnListener('tls')
  tokenOnTls() {
    return { from: 'tls' };
  }

  @Post('token')
  @OnListener('mtls')
  tokenOnMtls() {
    return { from: 'mtls' };
  }
}

@Module({ controllers: [Things, Others] })
class Routes {}

let app: ServedApp;
beforeAll(async () => {
  app = await served(Routes);
});
afterAll(() => app.stop());

describe('a route answers only on the listeners it names', () => {
  it.each([
    ['things', 'mtls', 'tls'],
    ['public', 'tls', 'mtls'],
  ])('/%s answers on %s and is 404 on %s', async (path, own, other) => {
    expect(await call(app, own, `/${path}`)).toMatchObject({ status: 200, json: { from: own } });
    expect(await call(app, other, `/${path}`)).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  it('answers on every listener it names', async () => {
    expect((await call(app, 'tls', '/both')).status).toBe(200);
    expect((await call(app, 'mtls', '/both')).status).toBe(200);
  });

  it('may have a handler per listener for the same method and path', async () => {
    for (const listener of ['tls', 'mtls']) {
      expect((await call(app, listener, '/same')).json).toEqual({ from: listener });
      expect((await call(app, listener, '/token', { method: 'POST' })).json).toEqual({ from: listener });
    }
  });

  it('serves HEAD for GET where GET is served, and only there', async () => {
    expect((await call(app, 'mtls', '/things', { method: 'HEAD' })).status).toBe(200);
    expect((await call(app, 'tls', '/things', { method: 'HEAD' })).status).toBe(404);
    expect((await call(app, 'tls', '/same', { method: 'HEAD' })).status).toBe(200);
  });

  it('answers 405 with Allow for another method, but 404 where the path is not served at all', async () => {
    const refused = await call(app, 'mtls', '/things/7/parts?x=1', { method: 'DELETE' });
    expect(refused).toMatchObject({ status: 405, json: { code: 'method_not_allowed' } });
    expect(refused.headers.allow).toBe('GET, HEAD');
    expect((await call(app, 'tls', '/things/7/parts', { method: 'DELETE' })).status).toBe(404);
    expect((await call(app, 'mtls', '/things/7/8/parts', { method: 'DELETE' })).status).toBe(404);
  });
});

describe('the boot fails', () => {
  const boot = (controller: Type<unknown>) => {
    @Module({ controllers: [controller] })
    class Faulty {}
    return served(Faulty);
  };

  it('for a route without a listener, naming it', async () => {
    @Controller('loose')
    class Loose {
      @Get('end')
      end() {}
    }
    const booting = boot(Loose);
    await expect(booting).rejects.toThrow(TypeError);
    await expect(booting).rejects.toThrow('GET /loose/end');
  });

  it('for a route on a listener that is not served', async () => {
    @Controller()
    @OnListener('metrics')
    class Elsewhere {
      @Get('x')
      x() {}
    }
    await expect(boot(Elsewhere)).rejects.toThrow(/GET \/x names the listener "metrics"/);
  });

  it('for two handlers of one route on one listener', async () => {
    @Controller()
    class Twice {
      @Get('x')
      @OnListener('tls')
      one() {}

      @Get('x')
      @OnListener('tls', 'mtls')
      two() {}
    }
    await expect(boot(Twice)).rejects.toThrow(/GET \/x has two handlers/);
  });

  it('for a route that a plugin registers without a listener', async () => {
    const configure: Parameters<typeof served>[1] = {
      configure: (nest) =>
        void nest
          .getHttpAdapter()
          .getInstance()
          .get('/raw', () => 'x'),
    };
    await expect(served(Routes, configure)).rejects.toThrow(/GET \/raw declares no listener/);
  });
});

it('an explicit HEAD handler and a GET handler may stand side by side', async () => {
  @Controller()
  @OnListener('tls')
  class Both {
    @Head('x')
    head() {}

    @Get('x')
    get() {
      return {};
    }
  }
  @Module({ controllers: [Both] })
  class WithHead {}
  const other = await served(WithHead);
  expect((await call(other, 'tls', '/x', { method: 'HEAD' })).status).toBe(200);
  await other.stop();
});
