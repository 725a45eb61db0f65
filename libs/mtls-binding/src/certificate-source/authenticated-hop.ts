import type { Socket } from 'node:net';

/** Whether the peer of this connection is a proxy whose certificate header may be believed. // T6 */
export type AuthenticatedHop = (socket: Socket) => boolean;
