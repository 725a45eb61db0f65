export { boundedGet, type BoundedGetOptions } from './bounded-get.js';
export { BoundedGetError, type BoundedGetFault } from './bounded-get-error.js';
export { isNetwork, PermittedNetworks } from './permitted-networks.js';
