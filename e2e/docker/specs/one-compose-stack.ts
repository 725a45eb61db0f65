import { compose, composeAll, docker, linesOf, PROJECT } from './compose-stack.js';

/** Builds, starts everything, and holds afterwards that nothing is left. */
export default function setup(): () => void {
  docker('info');
  remove();
  try {
    compose('build');
    compose('--profile', 'edge', 'up', '--detach', '--wait');
  } catch (error) {
    remove();
    throw error;
  }
  return () => {
    remove();
    const label = `label=com.docker.compose.project=${PROJECT}`;
    const left = [
      ...linesOf(docker('ps', '--all', '--quiet', '--filter', label)),
      ...linesOf(docker('volume', 'ls', '--quiet', '--filter', label)),
      ...linesOf(docker('network', 'ls', '--quiet', '--filter', label)),
    ];
    if (left.length > 0) throw new Error(`down --volumes left behind: ${left.join(', ')}`);
  };
}

function remove(): void {
  composeAll('down', '--volumes', '--remove-orphans');
}
