export {
  trustedFetch,
  type ClientCertificateFiles,
  type TrustedFetch,
  type TrustedFetchOptions,
} from './trusted-fetch.js';
