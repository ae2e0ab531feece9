using ClosedLoop.Migration;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using Spectre.Console;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary><c>--git PATH</c>: backfills a clone's merge history in memory and shows throughput, lead times and the board.</summary>
internal static class GitCommand
{
    private const int ChunkItems = 1000;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What to do.</param>
    /// <param name="console">Where the result goes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="error">Where progress and errors go; null: standard error.</param>
    /// <param name="clock">What <c>--since</c> counts back from; null: the system's.</param>
    /// <param name="target">Takes the items; null: they are only folded.</param>
    /// <returns>0; 1 when the clone cannot be read; 2 for arguments that do not work; 130 when stopped.</returns>
    public static async Task<int> RunAsync(
        GitArguments arguments, IAnsiConsole console, CancellationToken cancellationToken, IAnsiConsole? error = null, TimeProvider? clock = null, IBackfillTarget? target = null)
    {
        error ??= WatcherConsole.Error();
        clock ??= TimeProvider.System;
        using var record = arguments.StorePath is { } store && target is null ? new RecordTarget(store) : null;
        target ??= record;
        try
        {
            var result = await GitProgressDisplay.RunAsync(error, display => ReadAsync(arguments, clock, target, display, cancellationToken));
            // Written past the console: it would wrap the line at the terminal's width.
            if (arguments.Json) console.Profile.Out.Writer.WriteLine(GitJson.Line(result));
            else GitReport.Show(console, result);
            return 0;
        }
        catch (Exception e) when (e is GitHistoryException or StoreUnavailableException or StoreVersionException or InvalidOperationException)
        {
            error.Profile.Out.Writer.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }

    private static async Task<GitResult> ReadAsync(GitArguments arguments, TimeProvider clock, IBackfillTarget? target, GitProgressDisplay display, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        var options = new GitHistoryOptions { Since = clock.GetUtcNow() - arguments.Since };
        var history = await GitHistoryReader.ReadAsync(arguments.Path, options, display, cancellationToken);
        display.ReadingDone();
        var board = new GitBoard(PipelineDefinition.Default);
        int folded = 0;
        foreach (var chunk in GitBackfill.Items(history).Chunk(ChunkItems))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (target is not null) await target.WriteAsync(chunk, cancellationToken);
            foreach (var item in chunk)
            {
                board.Add(item);
                folded += item.Facts.Count(static f => f.Kind == Facts.FactKinds.Landing);
            }
            display.Folded(folded, history.Landings.Count);
        }
        return new GitResult(history, GitThroughput.Of(history.Landings), board, clock.GetElapsedTime(started));
    }
}
