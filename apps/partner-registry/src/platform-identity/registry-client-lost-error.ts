/** The registry's own client cannot be brought back as it was asked for; the message says why and what to do. */
export class RegistryClientLostError extends Error {
  override readonly name = 'RegistryClientLostError';
  readonly code = 'registry_client_lost';
}
