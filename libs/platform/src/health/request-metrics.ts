import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface ServedRequest {
  method: string;
  /** the route's pattern, never the path: paths are unbounded and may carry identifiers */
  route: string;
  status: number;
  listener: string;
  seconds: number;
}

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one serve() call in a registry of its own, so that two apps in one process do not mix. */
export class RequestMetrics {
  readonly registry = new Registry();
  private readonly durations: Histogram<'method' | 'route' | 'status' | 'listener'>;

  constructor(service: { name: string; version: string }) {
    this.registry.setDefaultLabels({ service: service.name, version: service.version });
    collectDefaultMetrics({ register: this.registry });
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request line to the end of the answer',
      labelNames: ['method', 'route', 'status', 'listener'],
      buckets: BUCKETS_SECONDS,
      registers: [this.registry],
    });
  }

  record({ method, route, status, listener, seconds }: ServedRequest): void {
    this.durations.observe({ method, route, status: String(status), listener }, seconds);
  }
}
