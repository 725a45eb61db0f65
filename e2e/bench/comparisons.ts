import type { ServerKind } from './loaded-server.js';

/** Two servers that are sent the same requests, and how much more CPU the second may take. */
export interface Comparison {
  /** of the target; several comparisons may belong to one */
  readonly id: 'P3' | 'P4';
  /** in file names */
  readonly name: string;
  readonly title: string;
  readonly requests: 'known tokens' | 'known tokens through a proxy' | 'new tokens';
  readonly baseline: ServerKind;
  readonly candidate: ServerKind;
  /** greatest ratio of CPU per request; undefined: measured to be known, nothing was promised */
  readonly target: number | undefined;
}

const open = { guard: 'open', framework: 'fastify', certificateFrom: 'socket' } as const;
const guarded = { ...open, guard: 'guarded' } as const;
const jose = { ...open, guard: 'jose' } as const;
const onExpress = { framework: 'express' } as const;
const behindProxy = { certificateFrom: 'header' } as const;

export const COMPARISONS: readonly Comparison[] = [
  {
    ...{ id: 'P3', name: 'p3-fastify', title: 'guarded / open, token seen before, Fastify' },
    ...{ requests: 'known tokens', baseline: open, candidate: guarded, target: 1.15 },
  },
  {
    ...{ id: 'P3', name: 'p3-express', title: 'guarded / open, token seen before, Express' },
    ...{ requests: 'known tokens', target: 1.15 },
    ...{ baseline: { ...open, ...onExpress }, candidate: { ...guarded, ...onExpress } },
  },
  {
    ...{ id: 'P3', name: 'p3-proxy', title: 'the same behind a proxy (Client-Cert), Fastify' },
    ...{ requests: 'known tokens through a proxy', target: undefined },
    ...{ baseline: open, candidate: { ...guarded, ...behindProxy } },
  },
  {
    ...{ id: 'P3', name: 'p3-control', title: 'open / open: the noise of this machine' },
    ...{ requests: 'known tokens', baseline: open, candidate: open, target: undefined },
  },
  {
    ...{ id: 'P4', name: 'p4-fastify', title: 'guarded / jose, every token new, Fastify' },
    ...{ requests: 'new tokens', baseline: jose, candidate: guarded, target: 1.1 },
  },
];

export const TARGET_IDS: readonly string[] = [...new Set(COMPARISONS.map(({ id }) => id))];
