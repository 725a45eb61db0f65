import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './find-chromium.js';
import { npmStart, type StartedStack } from '../specs/launcher/npm-start.js';
import { openBrowser } from './open-browser.js';
import { SwaggerPage } from './swagger-page.js';

// Where to keep what was seen; pictures are only taken when it is set.
const pictures = process.env['SCREENSHOTS'];

let folder: string;
let stack: StartedStack;
const browsers: BrowserContext[] = [];

beforeAll(async () => {
  findChromium();
  folder = mkdtempSync(join(tmpdir(), 'browser-'));
  stack = await npmStart(folder);
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await stack?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function browserOf(name: 'operator' | 'acme'): Promise<BrowserContext> {
  const home = join(folder, `${name}-at-home`);
  mkdirSync(home);
  const local = (file: string) => join(folder, '.local', file);
  const { urls, passphrase } = stack;
  const origins = [new URL(urls.tokenEndpoint).origin, urls.registry, urls.resource];
  const browser = await openBrowser({
    home,
    authority: local('ca.pem'),
    pkcs12: local(`${name}.p12`),
    passphrase,
    origins,
  });
  browsers.push(browser);
  return browser;
}

async function openDocs(browser: BrowserContext, origin: string, picture: string): Promise<SwaggerPage> {
  const page = await SwaggerPage.open(await browser.newPage(), `${origin}/docs`);
  if (pictures) await page.screenshot(join(pictures, `${picture}.png`));
  return page;
}

describe('Swagger UI in a real browser, with an imported certificate', () => {
  let operator: BrowserContext;
  let acme: BrowserContext;

  beforeAll(async () => {
    operator = await browserOf('operator');
    acme = await browserOf('acme');
  });

  it('partner registry: the printed curl, its token pasted, Try it out', async () => {
    const docs = await openDocs(operator, stack.urls.registry, 'partner-registry');
    expect(await docs.title()).toContain('Partner registry');
    expect(await docs.introduction()).toMatch(/operator\.p12/);
    const { access_token } = await docs.runPrintedCommand(folder);
    await docs.authorize(String(access_token));
    const partners = await docs.tryOut('get', '/v1/partners');
    expect(partners.status).toBe('200');
    expect(partners.body).toMatch(/acme[\s\S]*globex|globex[\s\S]*acme/);
    if (pictures) await docs.screenshot(join(pictures, 'partner-registry-tried.png'));
    expect(docs.complaints).toEqual([]);
  });

  it('sample API: the printed curl, its token pasted, Try it out writes and reads', async () => {
    const docs = await openDocs(acme, stack.urls.resource, 'resource-api');
    expect(await docs.introduction()).toMatch(/acme\.p12/);
    const { access_token } = await docs.runPrintedCommand(folder);
    await docs.authorize(String(access_token));
    const booked = await docs.tryOut('post', '/v1/shipments');
    expect(booked.status).toBe('201');
    expect((await docs.tryOut('get', '/v1/shipments')).status).toBe('200');
    expect(docs.complaints).toEqual([]);
  });

  it("a token pasted into somebody else's browser is worthless", async () => {
    const own = await openDocs(acme, stack.urls.resource, 'resource-api');
    const { access_token } = await own.runPrintedCommand(folder);
    const stolen = await openDocs(operator, stack.urls.resource, 'resource-api');
    await stolen.authorize(String(access_token));
    const refused = await stolen.tryOut('get', '/v1/shipments');
    expect(refused.status).toBe('401');
    expect(refused.body).toContain('invalid_token');
  });

  it('token service: Try it out gets a token on the listener that asks for a certificate', async () => {
    const docs = await openDocs(operator, new URL(stack.urls.tokenEndpoint).origin, 'token-service');
    expect(await docs.introduction()).toMatch(/operator\.p12/);
    const { access_token } = await docs.runPrintedCommand(folder);
    const clientId = JSON.parse(Buffer.from(String(access_token).split('.')[1]!, 'base64url').toString())
      .client_id as string;
    const granted = await docs.tryOut('post', '/token', { client_id: clientId });
    expect(granted.status, granted.body).toBe('200');
    expect(granted.body).toContain('access_token');
    expect(docs.complaints).toEqual([]);
  });

  it.each([
    ['token service', () => stack.urls.issuer],
    ['partner registry', () => stack.urls.registryPublic],
    ['sample API', () => stack.urls.resourcePublic],
  ])('%s: the page also renders where no certificate is asked for', async (_, origin) => {
    const docs = await openDocs(operator, origin(), 'public');
    expect(docs.complaints).toEqual([]);
  });
});
