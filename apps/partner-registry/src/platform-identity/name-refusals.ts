import { RegistryError } from '../problems/registry-error.js';

/** Says in front of what a rule refuses whom it refused it to: a command is given several at once. */
export async function nameRefusals<T>(whom: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const { code, detail, errors, checks } = error;
    throw new RegistryError(code, { detail: `${whom}: ${detail}`, errors, checks, cause: error });
  }
}
