/**
 * Runs in the stranger's project, which has `@partner-ecosystem/mtls-binding/testing`; e2e itself may not import it. It does what
 * its parent asks for.
 */
export const TEST_ISSUER_SCRIPT = `
import { startTestIssuer } from '@partner-ecosystem/mtls-binding/testing';

process.once('message', async (options) => {
  const issuer = await startTestIssuer(options);
  const answers = {
    mint: (grant) => issuer.mint(grant),
    revoke: (revocation) => issuer.revoke(revocation),
    requestsOf: (path) => issuer.requests.filter((request) => request.path === path && request.status === 200).length,
  };
  process.on('message', async ({ what, about }) => process.send({ answer: await answers[what](about) }));
  process.once('disconnect', () => issuer.stop());
  process.send({ answer: issuer.issuer });
});
`;
