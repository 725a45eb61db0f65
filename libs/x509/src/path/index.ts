export { judgePath, type PathOptions, type PathVerdict } from './judge-path.js';
export { judgePathUnder, type AnchorPolicy } from './judge-path-under.js';
export { revocationIn, type FoundRevocation } from './revocation-in.js';
export type { RevocationMode } from './revocation-checks.js';
export { isSignedBy } from '../revocation/is-signed-by.js';
export { ParsedRevocationLists } from '../revocation/parsed-revocation-lists.js';
export { parseRevocationList } from '../revocation/parse-revocation-list.js';
export type { RevocationList, RevokedEntry } from '../revocation/revocation-list.js';
