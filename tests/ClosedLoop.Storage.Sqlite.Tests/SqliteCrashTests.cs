using System.Diagnostics;
using System.Globalization;

namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class SqliteCrashTests
{
    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_loses_nothing_it_acknowledged_and_leaves_no_half_batch()
    {
        using var file = new TempFile();
        int next = 1;
        foreach (int kill in new[] { 1, 13, 40, 7, 75 })
        {
            int acknowledged = await WriteAndKillAsync(file.Path, next, kill);
            Assert.True(acknowledged >= next + kill - 1, "the writer came as far as the test let it");
            using (var raw = file.Inspect()) Assert.Equal("ok", raw.Text("PRAGMA integrity_check"));
            using var store = await file.OpenAsync();
            for (int number = 1; number <= acknowledged; number++) Assert.Equal(1, await Batch.PresenceAsync(store, number));
            // The one after may have become durable without having been acknowledged, but then whole.
            double last = await Batch.PresenceAsync(store, acknowledged + 1);
            Assert.True(last is 0 or 1, $"batch {acknowledged + 1} is there by {last:P0}");
            int present = acknowledged + (int)last;
            Assert.Equal(0, await Batch.PresenceAsync(store, present + 1));
            using (var raw = file.Inspect())
            {
                Assert.Equal(present * Batch.Parts, raw.Number("SELECT max(seq) FROM transition"));
                Assert.Equal(present * Batch.Parts, raw.Number("SELECT count(*) FROM fact_log"));
                Assert.Equal(present, raw.Number("SELECT count(*) FROM outbox"));
                Assert.Equal(present, raw.Number("SELECT count(*) FROM quarantine"));
            }
            next = present + 1;
        }
    }

    private static async Task<int> WriteAndKillAsync(string path, int first, int killAfter)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            ArgumentList = { typeof(Program).Assembly.Location, "write", path, first.ToString(CultureInfo.InvariantCulture) },
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
