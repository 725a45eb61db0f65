export { KeyEncryptionKey, UndecryptableKeyError } from './key-encryption-key.js';
export { keyEncryptionKey, keyEncryptionVariables } from './key-encryption-variables.js';
