import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../stack/workspace-root.js';
import { RULES_DOCUMENT, withRulesHeld } from './rules-document.js';
import { rulesHeldBy, specFiles } from './rules-held.js';

// `npm run rules`
const path = join(workspaceRoot(), RULES_DOCUMENT);
const before = readFileSync(path, 'utf8');
const after = withRulesHeld(before, rulesHeldBy(specFiles()));
writeFileSync(path, after);
process.stdout.write(`${RULES_DOCUMENT} ${after === before ? 'was up to date' : 'written'}.\n`);
