export { Problem, type ProblemOptions, type ProblemBody, type FieldFault } from './problem.js';
export { PLATFORM_PROBLEMS, type ProblemEntry, type ProblemTable } from './problem-table.js';
export { problemFrom } from './problem-from.js';
export { problemFromIssues, type SchemaIssue } from './problem-from-issues.js';
export { validationPipe } from './validation-pipe.js';
export { ProblemFilter } from './problem-filter.js';
export { logProblem } from './log-problem.js';
export { sendProblem } from './send-problem.js';
