import type { PipeTransform } from '@nestjs/common';
import { RegistryError } from '../problems/registry-error.js';
import { uuidOf, type IdentifierPrefix } from './identifier.js';

/**
 * Parses an identifier in a path to the row's uuid.
 * @throws RegistryError `not_found`: a malformed identifier names nothing, exactly like an unknown one
 */
export class IdentifierPipe implements PipeTransform<string, string> {
  constructor(private readonly prefix: IdentifierPrefix) {}

  transform(shown: string): string {
    const uuid = uuidOf(this.prefix, shown);
    if (uuid === undefined) throw RegistryError.notFound();
    return uuid;
  }
}
