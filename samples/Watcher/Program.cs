using ClosedLoop.Samples.Watcher;
using ClosedLoop.Samples.Watcher.Git;
using ClosedLoop.Samples.Watcher.Providers;
using ClosedLoop.Samples.Watcher.Sandbox;

if (!WatcherArguments.TryParse(args, out var arguments, out string? error))
{
    await Console.Error.WriteLineAsync(error);
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
switch (arguments.Mode)
{
    case WatcherMode.Help:
        Console.WriteLine(WatcherArguments.Usage);
        return 0;
    case WatcherMode.Git:
        return await GitCommand.RunAsync(GitArguments.From(arguments), WatcherConsole.Output(), stop.Token);
    case WatcherMode.Config:
        return await ConfigCommand.RunAsync(arguments, stop.Token);
    default:
        return await SandboxCommand.RunAsync(arguments, WatcherConsole.Output(), stop.Token);
}
