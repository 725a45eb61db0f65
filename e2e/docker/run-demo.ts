import { paint } from '../demo/paint.js';
import { Story } from '../demo/story.js';
import { tellAll } from '../demo/tell-all.js';
import { HttpsClient } from '../stack/admin/https-client.js';
import { untilServed } from './until-served.js';
import type { Stage } from '../demo/stage.js';
import { tellSpoofing } from './spoofing.js';

/** The story of `npm run demo`, and a chapter about forged headers. Gives the exit code: 0 when all was as it should be. */
export async function runDemo(stage: Stage): Promise<number> {
  const began = performance.now();
  const { stdout } = process;
  const story = new Story((text) => stdout.write(text), paint(stdout.isTTY === true));
  const client = new HttpsClient(stage.pki.serverAuthority.certificatePem);
  story.title('Server to server with tokens nobody else can use, in Docker');
  try {
    await untilServed(client, [stage.urls.tokenEndpoint, stage.urls.registry, stage.urls.resource]);
    await tellAll(story, stage, client);
    await tellSpoofing(story, stage, client);
  } catch (error) {
    story.breaksOff(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await client.close();
  }
  story.summary((performance.now() - began) / 1000);
  return story.deviations === 0 ? 0 : 1;
}
