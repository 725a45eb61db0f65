import { join } from 'node:path';
import type { Settings } from '../app-settings.js';
import { freePorts } from '../ports/free-ports.js';
import type { AppName, ListenerPorts } from '../topology.js';
import { startApp, untilReady, type AppProcess } from './app-process.js';

export interface ReplicaOptions {
  app: AppName;
  /** of the one beside which it runs */
  settings: Settings;
  /** of its log; shared with whoever ran at the same place before */
  directory: string;
  /** the same ones again after a kill; free ones unless told */
  ports?: ListenerPorts;
  signal: AbortSignal;
}

/** One more process of an app on the same database. */
export interface Replica {
  process: AppProcess;
  ports: ListenerPorts;
  /** of its listener that asks for a client certificate */
  url: string;
  /** of its management listener */
  managementUrl: string;
}

/** Starts it and waits until it is ready. Errors: StackError `app_ended`, `not_ready`; the signal's reason. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { app, directory, signal } = options;
  const ports = options.ports ?? (await freePorts())[app];
  const settings = {
    ...options.settings,
    PORT: String(ports.tls),
    MTLS_PORT: String(ports.mtls),
    MANAGEMENT_PORT: String(ports.management),
    ...(ports.http === undefined ? {} : { HTTP_PORT: String(ports.http) }),
  };
  const managementUrl = `http://127.0.0.1:${ports.management}`;
  const started = startApp({ name: app, settings, logFile: join(directory, `${app}-${ports.mtls}.log`) });
  try {
    await untilReady(started, managementUrl, signal);
  } catch (error) {
    started.kill();
    throw error;
  }
  return { process: started, ports, url: `https://localhost:${ports.mtls}`, managementUrl };
}
