import { Gauge, type Registry } from 'prom-client';

/** Numbers somebody else keeps, one for each value of a label; read whenever /metrics is asked for. */
export interface LabelledGaugeReading {
  /** of the metric, as Prometheus wants it: `feed_age_seconds` */
  name: string;
  help: string;
  label: string;
  /** pairs of the label's value and the number; few: each one is a time series */
  values(): Iterable<readonly [string, number]>;
}

/** Puts them on /metrics. What is not said any more is gone from there. Throws Error for a name that is taken. */
export function registerLabelledGauges(registry: Registry, gauges: readonly LabelledGaugeReading[]): void {
  for (const { name, help, label, values } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, number] of values()) this.set({ [label]: value }, number);
      },
    });
  }
}
