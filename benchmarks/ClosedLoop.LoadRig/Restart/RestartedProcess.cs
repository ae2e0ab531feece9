using System.Diagnostics;
using System.Text.Json;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.LoadRig.Restart;

/// <summary>What the new process does: the whole engine on the file, until it has its first due rows.</summary>
internal static class RestartedProcess
{
    public const string Command = "restarted";

    public static async Task RunAsync(string path, TextWriter output)
    {
        using var store = new FirstClaim(new SqliteLoopStore(new SqliteOptions { Path = path }));
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddClosedLoop(loop => loop.UseStore(_ => store).AddAdapter(static _ => SilentSource.Registration()))
            .BuildServiceProvider();
        var hosted = services.GetServices<IHostedService>().ToList();
        foreach (var service in hosted) await service.StartAsync(default);
        var (seconds, rows) = await store.Claimed;
        double sinceStart = (TimeProvider.System.GetLocalNow().DateTime - Process.GetCurrentProcess().StartTime).TotalSeconds;
        await output.WriteLineAsync(JsonSerializer.Serialize(new Restarted(store.OpenSeconds, seconds, rows, sinceStart)));
        foreach (var service in hosted) await service.StopAsync(default);
    }

    /// <summary>Starts it on a file, as a service is started: with the runtime's defaults.</summary>
    public static async Task<Restarted> StartAsync(string path)
    {
        using var process = Process.Start(ChildProcess.Of(Command, path))!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        ClaimFailedException.Unless(process.ExitCode == 0, $"the new process ended with {process.ExitCode}.");
        return JsonSerializer.Deserialize<Restarted>(output)!;
    }
}
