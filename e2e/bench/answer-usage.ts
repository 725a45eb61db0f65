// Preloaded into an app that is measured: says over the channel to the launcher what the process has used. The app itself
// knows nothing of it.
process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system, residentBytes: process.memoryUsage.rss() });
});
// a channel that is only listened to must not keep an app alive that wants to end
process.channel?.unref();
