/** The registry was bootstrapped before. A second operator is made by the first one, through the API. */
export class OperatorExistsError extends Error {
  override readonly name = 'OperatorExistsError';
  readonly code = 'operator_exists';

  constructor() {
    super(
      'There is an operator already: nothing was changed. Further operators are registered by an operator, through the API.',
    );
  }
}
