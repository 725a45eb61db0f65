import { RegistryError } from './registry-error.js';

export const partnerOffboarded = (): RegistryError =>
  new RegistryError('partner_offboarded', { detail: 'The partner was offboarded, which is final.' });
