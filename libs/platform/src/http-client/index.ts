export { trustedFetch, type TrustedFetchOptions } from './trusted-fetch.js';
