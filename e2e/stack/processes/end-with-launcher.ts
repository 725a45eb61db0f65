// Preloaded into every app the launcher starts: when the launcher dies without stopping it (SIGKILL), the channel
// between them closes and the app stops as if told to. The app itself knows nothing of it.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// a channel nobody talks over must not keep an app alive that wants to end
process.channel?.unref();
