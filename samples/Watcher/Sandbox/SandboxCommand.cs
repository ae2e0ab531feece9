using System.Text.Json;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Hosting;
using ClosedLoop.Testing.Sandbox;
using Spectre.Console;

namespace ClosedLoop.Samples.Watcher.Sandbox;

/// <summary>No argument, or <c>--for 20s</c>: the watcher beside a built-in delivery sandbox, judged against the sandbox's truth.</summary>
internal static class SandboxCommand
{
    /// <summary>
    /// How long nearly every change takes from its opening to its last gate: none is opened later than this before the end. When main is red
    /// then, or a version was just rolled back, the run takes some seconds longer.
    /// </summary>
    private static readonly TimeSpan LongestChange = TimeSpan.FromSeconds(15);

    /// <summary>What a record may take after the last webhook: a few polls.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Unlimited = TimeSpan.FromHours(2);

    /// <summary>Runs the command.</summary>
    /// <returns>0 when the record equals the truth at the end and never claimed too much; 1 when not; 2 for arguments that do not work.</returns>
    public static async Task<int> RunAsync(WatcherArguments arguments, IAnsiConsole console, CancellationToken cancellationToken)
    {
        if (arguments.StorePath is { } store && File.Exists(store))
        {
            await Console.Error.WriteLineAsync($"--store {store} exists already. The sandbox begins a new world each time; name a file that does not exist, or leave --store out.");
            return 2;
        }
        var time = TimeProvider.System;
        long started = time.GetTimestamp();
        var options = new SandboxOptions { GenerateFor = GenerateFor(arguments.For), SourceHost = arguments.Host };
        await using var run = await SandboxRun.StartAsync(arguments, options, cancellationToken);
        var queries = run.App.Services.GetRequiredService<ILoopQueries>();
        var incidents = run.App.Services.GetRequiredService<IIncidents>();
        var reader = new RecordReader(queries, run.Sandbox.Truth, time);
        if (!console.Profile.Capabilities.Interactive) console.Profile.Out.Writer.WriteLine($"dashboard: {run.Dashboard}");
        var report = await WatchAsync();

        console.Write(await LiveBoard.DrawAsync(queries, incidents, report, run, time.GetElapsedTime(started), CancellationToken.None));
        foreach (string overclaim in report.Overclaims) console.MarkupLineInterpolated($"[red]{overclaim}[/]");
        foreach (string difference in report.Differences) console.MarkupLineInterpolated($"[red]{difference}[/]");
        bool honest = report.EqualToTruth && report.OverclaimMs <= 0;
        var world = run.Sandbox.Statistics;
        var summary = new SandboxSummary(
            report.Items, report.Done, Math.Round(report.OverclaimMs, 1), Math.Round(report.StalenessP99Ms, 1), report.Lost, run.Duplicates.Count, report.EqualToTruth,
            world.Builds, world.Coalesced, world.Cancelled, world.Rollbacks, world.Reverts, world.ForcePushes, world.Regressed);
        // Written past the console: it would wrap the line at the terminal's width.
        console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(summary, SandboxJsonContext.Default.SandboxSummary));
        return honest ? 0 : 1;

        async Task<TruthReport> WatchAsync()
        {
            if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi) return await FollowAsync(static _ => { });
            var latest = await reader.CompareAsync(cancellationToken);
            await console.Live(await LiveBoard.DrawAsync(queries, incidents, latest, run, time.GetElapsedTime(started), cancellationToken)).AutoClear(true).StartAsync(
                async live => latest = await FollowAsync(board => live.UpdateTarget(board)));
            return latest;
        }

        async Task<TruthReport> FollowAsync(Action<Spectre.Console.Rendering.IRenderable> show)
        {
            DateTimeOffset? ended = null;
            while (true)
            {
                var report = await reader.CompareAsync(CancellationToken.None);
                show(await LiveBoard.DrawAsync(queries, incidents, report, run, time.GetElapsedTime(started), CancellationToken.None));
                if (cancellationToken.IsCancellationRequested) return report;
                if (run.Sandbox.Completion.IsCompleted)
                {
                    await run.Sandbox.Completion;
                    ended ??= time.GetUtcNow();
                    bool settled = report.EqualToTruth || time.GetUtcNow() - ended > Settling;
                    if (settled && arguments.For is not null) return report;
                }
                await Task.Delay(Refresh, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static TimeSpan GenerateFor(TimeSpan? total)
    {
        if (total is not { } all) return Unlimited;
        var generate = all - LongestChange;
        return generate > all / 4 ? generate : all / 4;
    }
}
