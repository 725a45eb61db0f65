/**
 * This process does not sleep until the returned function is called.
 * @param eachTurn called in every turn of the event loop
 */
export function stayAwake(eachTurn: () => void = () => undefined): () => void {
  let awake = true;
  const again = (): void => {
    if (!awake) return;
    eachTurn();
    setImmediate(again);
  };
  again();
  return () => void (awake = false);
}
