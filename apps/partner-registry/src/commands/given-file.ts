import { readFileSync } from 'node:fs';
import { CommandError } from '@partner-ecosystem/platform/command';

const FAILED = 1;
const CALLED_WRONGLY = 2;

/** The text of the file an option of a command names. @throws CommandError when it is missing or cannot be read */
export function givenFile(option: string, file: string | undefined): string {
  if (file === undefined) throw new CommandError(`${option} is missing`, CALLED_WRONGLY);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, FAILED);
  }
}
