export { judgePath, type PathOptions, type PathVerdict } from './judge-path.js';
export type { RevocationMode } from './revocation-checks.js';
export { parseRevocationList } from '../revocation/parse-revocation-list.js';
export type { RevocationList, RevokedEntry } from '../revocation/revocation-list.js';
