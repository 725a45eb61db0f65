import type { Experiment } from './experiment.js';
import { guardExperiment } from './guard/guard-experiment.js';
import { replicasExperiment } from './replicas/replicas-experiment.js';
import { revocationExperiment } from './revocation/revocation-experiment.js';
import { scaleExperiment } from './scale/scale-experiment.js';
import { tokenExperiment } from './tokens/token-experiment.js';

/** In the order in which they are run. */
export const EXPERIMENTS: readonly Experiment[] = [
  tokenExperiment,
  guardExperiment,
  replicasExperiment,
  revocationExperiment,
  scaleExperiment,
];
