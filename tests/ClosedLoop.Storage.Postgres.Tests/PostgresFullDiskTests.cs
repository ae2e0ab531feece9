using System.Collections.Concurrent;
using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>
/// Guarantee G1 where the server's disk runs full. A server that cannot write its log may end itself (PANIC); what was acknowledged is there
/// once it runs again. Each test has a server of its own.
/// </summary>
public sealed class PostgresFullDiskTests
{
    private const int Senders = 8;
    private const int RefusalsEach = 3;

    // Far more than there is room for.
    private const int Most = 50_000;

    // Small files, so that little room is enough to begin with.
    private static readonly string[] SmallLog = ["--wal-segsize=1"];
    private static readonly string[] SmallSettings = ["max_wal_size=4MB", "min_wal_size=2MB", "shared_buffers=8MB"];

    [Theory]
    [MemberData(nameof(FullDisk.ByFileLimit), MemberType = typeof(FullDisk))]
    public async Task A_server_that_has_no_room_has_submissions_refused_and_they_go_on_when_there_is_room(bool byFileLimit)
    {
        using var disk = byFileLimit ? null : FullDisk.Mount(megabytes: 100, ballastMegabytes: 48);
        var server = new PostgresServer { Folder = disk is null ? null : Directory.CreateDirectory(Path.Combine(disk.Path, "pg")).FullName, Layout = SmallLog, Settings = SmallSettings };
        if (byFileLimit) server.Around = static line => FileLimit.Command(3 << 20, line);
        await FillAsync(server, async () =>
        {
            disk?.MakeRoom();
            if (server.Around is null) return;
            server.Around = null;
            await server.StopAsync("fast");
            await server.StartAsync();
        });
    }

    private static async Task FillAsync(PostgresServer server, Func<Task> makeRoom)
    {
        await server.InitializeAsync();
        try
        {
            await using var database = await Database.CreateAsync(server);
            var node = await Node.StartAsync(loop => loop.UsePostgres(database.ConnectionString), runs: true);
            var acknowledged = new ConcurrentDictionary<int, SubmissionOutcome>();
            var refused = new ConcurrentBag<(int Number, string? Detail)>();
            int next = 0;
            try
            {
                await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(SendUntilFullAsync)));
                Assert.Equal(Senders * RefusalsEach, refused.Count);
                Assert.All(refused, static r => Assert.False(string.IsNullOrEmpty(r.Detail)));
                Assert.NotEmpty(acknowledged);

                await makeRoom();
                if (!await server.IsRunningAsync()) await server.StartAsync();
                foreach (var (number, _) in refused)
                    await Eventually.TrueAsync(async () => await SendAsync(number) is not { Outcome: SubmissionOutcome.Busy }, "what was refused is taken when there is room");
                for (int i = 0; i < 50; i++) Assert.Equal(SubmissionOutcome.Committed, (await SendAsync(Interlocked.Increment(ref next))).Outcome);
            }
            finally
            {
                await node.DisposeAsync();
            }
            // Duplicate: it had been stored although the connection was lost before the answer came.
            Assert.Equal(next, acknowledged.Count);
            Assert.All(acknowledged.Values, static outcome => Assert.True(outcome is SubmissionOutcome.Committed or SubmissionOutcome.Duplicate));
            Assert.Equal(next, await database.ScalarAsync<long>("SELECT count(*) FROM delivery"));
            Assert.Equal(next, await database.ScalarAsync<long>("SELECT count(*) FROM fact WHERE subject LIKE 'pr:%'"));
            Assert.Equal(next, await database.ScalarAsync<long>("SELECT count(*) FROM fact_log"));
            Assert.Equal(next, await database.ScalarAsync<long>("SELECT count(*) FROM item"));
            Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM quarantine"));
            await PostgresNodesTests.AssertSoundAsync(database);

            async Task SendUntilFullAsync()
            {
                for (int refusals = 0; refusals < RefusalsEach;)
                {
                    int number = Interlocked.Increment(ref next);
                    Assert.True(number < Most, $"{Most} deliveries were taken and the disk is not full.");
                    var result = await SendAsync(number);
                    if (result.Outcome != SubmissionOutcome.Busy) continue;
                    refused.Add((number, result.Detail));
                    refusals++;
                }
            }

            async Task<SubmissionResult> SendAsync(int number)
            {
                var result = await node.DeliverAsync(number.ToString(CultureInfo.InvariantCulture), Given.PrOpen(number, 1, Given.Item(number)));
                if (result.Outcome != SubmissionOutcome.Busy) acknowledged[number] = result.Outcome;
                return result;
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
