using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace ClosedLoop.Storage.Tests;

/// <summary>A process of its own that commits numbered batches and says which are acknowledged, until it is killed in the midst of one.</summary>
internal static class KilledWriter
{
    /// <summary>What the test assembly's entry point does in that process.</summary>
    public static async Task WriteAsync(ILoopStore store, int first)
    {
        await store.InitializeAsync(default);
        for (int number = first; ; number++)
        {
            // As the engine does: a store that takes a commit in stages gets some of them so.
            var commit = Batch.Create(number);
            if (number % 3 == 0 && store is IStagedStore staged) await staged.CommitInStagesAsync(Batch.FactsOf(commit), LaterAsync(commit));
            else await store.CommitAsync(commit, default);
            // The full stop tells a whole number from one that the kill cut off.
            Console.Out.Write($"{number}.\n");
            Console.Out.Flush();
        }
    }

    private static async Task<StoreCommit> LaterAsync(StoreCommit commit)
    {
        await Task.Yield();
        return commit;
    }

    /// <summary>Starts it and kills it after so many acknowledgements.</summary>
    /// <returns>The last batch that was acknowledged.</returns>
    public static async Task<int> RunAsync(string place, int first, int killAfter)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { Assembly.GetExecutingAssembly().Location, "write", place, first.ToString(CultureInfo.InvariantCulture) },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var writer = Process.Start(start)!;
        var errors = writer.StandardError.ReadToEndAsync();
        int acknowledged = first - 1, seen = 0;
        while (await writer.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.EndsWith('.')) continue;
            acknowledged = int.Parse(line.AsSpan(0, line.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture);
            // Kill is SIGKILL: nothing is flushed or closed, and the writer is in the midst of its next commit.
            if (++seen == killAfter) writer.Kill();
        }
        await writer.WaitForExitAsync();
        Assert.True(seen >= killAfter, $"the writer ended by itself: {await errors}");
        return acknowledged;
    }
}
