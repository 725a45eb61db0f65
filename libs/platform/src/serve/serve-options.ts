import type { CanActivate, DynamicModule, ExceptionFilter, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Registry } from 'prom-client';
import type { ReadinessCheck } from '../health/index.js';
import type { Logger } from '../logging/index.js';
import type { Problem, ProblemTable } from '../problem/index.js';
import type { Listener, PlainListener } from './listener.js';

export interface ServeOptions {
  /** of the service, for its metrics */
  name: string;
  version: string;
  module: Type<unknown> | DynamicModule;
  logger: Logger;
  listeners: readonly Listener[];
  /** without TLS; whatever is not declared on one of them cannot be reached by it */
  plainListeners?: readonly PlainListener[];
  /** plain HTTP for the operator's tools: /livez, /readyz, /metrics */
  management: { host: string; port: number };
  /** milliseconds since the signal: not ready but still accepting; then whatever is left is cut */
  shutdown: { drainMs: number; deadlineMs: number };
  readiness: (app: NestFastifyApplication) => readonly ReadinessCheck[];
  /** adds the app's own metrics to /metrics */
  metrics?: (registry: Registry, app: NestFastifyApplication) => void;
  /** milliseconds between two looks at the certificate files, default 5000 */
  certificateCheckMs?: number;
  /** replaces ProblemFilter for what it catches */
  exceptionFilter?: (logger: Logger) => ExceptionFilter;
  /** the guard of every route, which then judges a request before its body is read as well */
  guard?: (app: NestFastifyApplication) => CanActivate;
  /** origins of web pages that may send requests that change something, beside those this app serves itself; default none */
  allowedOrigins?: readonly string[];
  /** the app's own codes for `GET /problems/{code}`, beside the platform's */
  problems?: ProblemTable;
  /** bytes, default 65536 */
  bodyLimit?: number;
  /** judges the URL of every request before it is routed; what it returns is the answer */
  refuseUrl?: (url: string) => Problem | undefined;
  /** runs before the routes are registered: documentation, further content types */
  configure?: (app: NestFastifyApplication) => void | Promise<void>;
}

export interface RunningApp {
  /** by listener name, and `management` */
  addresses: Record<string, { host: string; port: number }>;
  app: NestFastifyApplication;
  /** finishes what is in flight, then closes everything; further calls wait for the first */
  stop(reason?: string): Promise<void>;
}
