import type { Authority, Issued } from '@partner-ecosystem/test-pki';
import type { AppName, StackUrls } from '../stack/topology.js';

/** What the story needs of the stack it is told on, wherever that runs. */
export interface Stage {
  urls: StackUrls;
  operatorClientId: string;
  pki: {
    /** whom the servers' certificates are from */
    serverAuthority: Pick<Authority, 'certificatePem'>;
    /** whom the partners have theirs from */
    clientAuthority: Authority;
    operator: Issued;
  };
  /** ends the names of partners, where some may be left from an earlier time */
  run?: string;
  /** absent where the apps' logs and management ports are out of reach */
  logFiles?: Record<AppName, string>;
}
