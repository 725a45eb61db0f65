import { APP_NAMES, type AppName } from '../topology.js';

/** The login of a running app. */
export function appRole(app: AppName): string {
  return `${app.replace('-', '_')}_app`;
}

/** Every role that preparing the three apps creates in a server. */
export const ALL_ROLES: readonly string[] = APP_NAMES.flatMap((app) => [
  appRole(app),
  appRole(app).replace(/_app$/, '_owner'),
]);
