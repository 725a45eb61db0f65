import type { HttpsClient } from '../stack/admin/https-client.js';
import { Operator } from '../stack/admin/operator.js';
import type { Cast } from './cast.js';
import { tellMainJob } from './main-job.js';
import { tellOnboarding } from './onboarding.js';
import { tellRefusedAtToken } from './refused-at-token.js';
import type { Stage } from './stage.js';
import { tellStolenToken } from './stolen-token.js';
import type { Story } from './story.js';
import { tellSwitchedOff } from './switched-off.js';

/** The five chapters. Errors: whatever makes it impossible to go on. */
export async function tellAll(story: Story, stack: Stage, client: HttpsClient): Promise<void> {
  const { urls, operatorClientId: clientId, pki } = stack;
  const operator = new Operator(client, { urls, clientId, identity: pki.operator });
  const cast: Cast = { story, stack, client, operator };
  const partners = await tellOnboarding(cast);
  const loot = await tellMainJob(cast, partners);
  await tellStolenToken(cast, partners, loot);
  await tellRefusedAtToken(cast, partners);
  await tellSwitchedOff(cast, partners);
}
