import { parseArgs } from 'node:util';
import { paint } from '../demo/paint.js';
import { Story } from '../demo/story.js';
import { tellAll } from '../demo/tell-all.js';
import { HttpsClient } from '../stack/admin/https-client.js';
import { untilServed } from './until-served.js';
import { composeStage, type ComposeStageOptions } from './compose-stage.js';
import { tellSpoofing } from './spoofing.js';

const HELP = `demo: the server-to-server story, told on the compose stack. Exit code 0 when every step was as it should be.

--secrets <directory>     the operator's certificate, key and client id
--server-ca <file>        the authority of the servers' certificates
--issuer, --token-endpoint, --registry, --registry-public, --resource, --resource-public <url>`;

async function main(): Promise<number> {
  const began = performance.now();
  const stage = await composeStage(options());
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

function options(): ComposeStageOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ secrets: text, 'server-ca': text, issuer: text, 'token-endpoint': text },
      ...{ registry: text, 'registry-public': text, resource: text, 'resource-public': text },
    },
  });
  const given = (name: keyof typeof values): string => {
    const value = values[name];
    if (!value) throw new Error(HELP);
    return value;
  };
  return {
    secrets: given('secrets'),
    serverCa: given('server-ca'),
    urls: {
      ...{ issuer: given('issuer'), tokenEndpoint: given('token-endpoint') },
      ...{ registry: given('registry'), registryPublic: given('registry-public') },
      ...{ resource: given('resource'), resourcePublic: given('resource-public') },
    },
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
