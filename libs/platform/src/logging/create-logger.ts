import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { withoutSecretNames, withoutSecretShapes } from './redaction.js';
import { standardOutput } from './standard-output.js';

export type Logger = PinoLogger;

export interface LoggerOptions {
  /** name of the service, field `service` of every line */
  name: string;
  version: string;
  level: string;
  /** default: standard output, by turns of the event loop; the last line before an exit is not lost */
  destination?: DestinationStream;
}

/**
 * One JSON object per line: level as a word, ISO time, service, version. Secrets are removed by name at any depth
 * and by shape from the finished line.
 * Does not check: secrets without a telling name or shape, so never log a request's body or headers as a whole.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.name, version: options.version },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecretNames },
      // pino's own would add every property that a driver put on its error
      serializers: { err: (value: unknown) => value },
      hooks: { streamWrite: withoutSecretShapes },
    },
    options.destination ?? standardOutput(),
  );
}
