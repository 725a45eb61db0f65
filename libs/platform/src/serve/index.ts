export { serve } from './serve.js';
export type { ServeOptions, RunningApp } from './serve-options.js';
export type { Listener, PlainListener } from './listener.js';
export { OnListener } from './on-listener.js';
export { listenerOf } from './listener-of.js';
export { acceptBody, refuseJsonBody } from './accept-body.js';
export { runMain } from './run-main.js';
export { ListenError } from './listen-error.js';
export { requestIdOf } from '../logging/index.js';
