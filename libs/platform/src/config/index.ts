export { ConfigurationError } from './configuration-error.js';
export { readConfig } from './read-config.js';
export {
  port,
  milliseconds,
  duration,
  wholeNumber,
  host,
  addressRanges,
  httpsUrl,
  filePath,
  fileText,
  postgresUrl,
} from './pieces.js';
export { servingOptions, servingVariables } from './process-variables.js';
