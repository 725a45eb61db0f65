import { atMost, type Target } from '../target.js';
import type { ServerKind } from './guard-server.js';

/** The guarded route beside a reference, and how much more CPU it may take. */
export interface GuardComparison {
  readonly id: 'P3' | 'P4';
  readonly name: string;
  readonly title: string;
  readonly requests: 'known tokens' | 'known tokens through a proxy' | 'new tokens';
  readonly baseline: ServerKind;
  readonly candidate: ServerKind;
  readonly target: Target | undefined;
}

const open = { guard: 'open', framework: 'fastify', certificateFrom: 'socket' } as const;
const guarded = { ...open, guard: 'guarded' } as const;
const publicRoute = { ...open, guard: 'public' } as const;
const jose = { ...open, guard: 'jose' } as const;
const onExpress = { framework: 'express' } as const;
const behindProxy = { certificateFrom: 'header' } as const;

export const GUARD_COMPARISONS: readonly GuardComparison[] = [
  {
    id: 'P3',
    name: 'p3-fastify',
    title: 'guarded / open, token seen before, Fastify',
    requests: 'known tokens',
    baseline: open,
    candidate: guarded,
    target: atMost(1.15),
  },
  {
    id: 'P3',
    name: 'p3-express',
    title: 'guarded / open, token seen before, Express',
    requests: 'known tokens',
    target: atMost(1.15),
    baseline: { ...open, ...onExpress },
    candidate: { ...guarded, ...onExpress },
  },
  {
    id: 'P3',
    name: 'p3-public',
    title: 'guarded / a @Public() route of such an application, Fastify',
    requests: 'known tokens',
    baseline: publicRoute,
    candidate: guarded,
    target: undefined,
  },
  {
    id: 'P3',
    name: 'p3-proxy',
    title: 'the same behind a proxy (Client-Cert), Fastify',
    requests: 'known tokens through a proxy',
    target: undefined,
    baseline: open,
    candidate: { ...guarded, ...behindProxy },
  },
  {
    id: 'P3',
    name: 'p3-control',
    title: 'open / open: the noise of this machine',
    requests: 'known tokens',
    baseline: open,
    candidate: open,
    target: undefined,
  },
  {
    id: 'P4',
    name: 'p4-fastify',
    title: 'guarded / jose, every token new, Fastify',
    requests: 'new tokens',
    baseline: jose,
    candidate: guarded,
    target: atMost(1.1),
  },
];
