/**
 * The reference server's end of the channel to the launcher: first it is told what it is to be, and answers with where it
 * listens; then it says what it has used, as often as it is asked. It ends when the launcher does.
 */
export function answerLauncher<Settings>(start: (settings: Settings) => Promise<{ port: number }>): void {
  process.on('message', (message: Settings | 'usage') => {
    if (message === 'usage') return sayUsage();
    start(message).then(
      (started) => process.send!(started),
      (error: unknown) => process.send!({ failure: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}

function sayUsage(): void {
  const { user, system } = process.cpuUsage();
  process.send!({ cpuMicros: user + system, residentBytes: process.memoryUsage.rss() });
}
