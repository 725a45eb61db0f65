import { z } from 'zod';
import { fileText } from '../config/index.js';
import { KeyEncryptionKey } from './key-encryption-key.js';

const keyBytes = () =>
  fileText().transform((text, context) => {
    const bytes = Buffer.from(text.trim(), 'base64url');
    if (bytes.length === 32) return bytes;
    context.addIssue({ code: 'custom', message: 'expected a file with 32 random bytes as base64url text' });
    return z.NEVER;
  });

/** Spread into the schema of an app, or of a command of it. */
export const keyEncryptionVariables = {
  KEY_ENCRYPTION_KEY_FILE: keyBytes(),
  KEY_ENCRYPTION_KEY_PREVIOUS_FILE: keyBytes().optional(),
};

type Given = z.infer<z.ZodObject<typeof keyEncryptionVariables>>;

export function keyEncryptionKey(given: Given): KeyEncryptionKey {
  const previous = given.KEY_ENCRYPTION_KEY_PREVIOUS_FILE;
  return new KeyEncryptionKey(given.KEY_ENCRYPTION_KEY_FILE, previous && new KeyEncryptionKey(previous));
}
