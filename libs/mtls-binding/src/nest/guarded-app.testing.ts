import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ServerIdentity } from '../testing/index.js';

export type AdapterName = 'Fastify' | 'Express';
/** What the guard is at home on: each suite runs on both. */
export const ADAPTERS: readonly AdapterName[] = ['Fastify', 'Express'];

type AppModule = Parameters<typeof NestFactory.create>[0];

/** An application on a TLS listener that asks for a client certificate and accepts any. Not listening yet. */
export function createApp(module: AppModule, on: AdapterName, identity: ServerIdentity): Promise<INestApplication> {
  const tls = {
    cert: identity.chainPem,
    key: identity.privateKeyPem,
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
  };
  const quietly = { logger: false, abortOnError: false } as const;
  return on === 'Fastify'
    ? NestFactory.create(module as Type, new FastifyAdapter({ https: tls }), quietly)
    : NestFactory.create(module as Type, new ExpressAdapter(), { ...quietly, httpsOptions: tls });
}

export async function portOf(app: INestApplication): Promise<number> {
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as AddressInfo).port;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  challenge: string | undefined;
  headers: Record<string, unknown>;
  /** over a connection that was there before */
  reused: boolean;
}

export interface Call {
  port: number;
  path: string;
  ca: string;
  as?: ServerIdentity | undefined;
  headers?: Record<string, string | string[]>;
  agent?: HttpsAgent | false;
}

export function call({ port, path, ca, as, headers = {}, agent = false }: Call): Promise<Answer> {
  const identity = as ? { cert: as.chainPem, key: as.privateKeyPem } : {};
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: 'localhost', port, path, headers, ca, agent, ...identity }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>,
          challenge: response.headers['www-authenticate'],
          headers: response.headers,
          reused: request.reusedSocket,
        }),
      );
    });
    request.on('error', reject).end();
  });
}
