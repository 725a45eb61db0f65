export { Readiness, type ReadinessCheck, type ReadinessReport } from './readiness.js';
export { RequestMetrics, type ServedRequest } from './request-metrics.js';
export { registerGauges, type GaugeReading } from './register-gauges.js';
export { registerLabelledGauges, type LabelledGaugeReading } from './register-labelled-gauges.js';
export { answerManagement, type ManagementOptions } from './answer-management.js';
