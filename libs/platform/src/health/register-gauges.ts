import { Gauge, type Registry } from 'prom-client';

/** A number somebody else keeps, without labels; read whenever /metrics is asked for. */
export interface GaugeReading {
  /** of the metric, as Prometheus wants it: `feed_age_seconds` */
  name: string;
  help: string;
  value(): number;
}

/** Puts them on /metrics. Throws Error for a name that is taken. */
export function registerGauges(registry: Registry, gauges: readonly GaugeReading[]): void {
  for (const { name, help, value } of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  }
}
