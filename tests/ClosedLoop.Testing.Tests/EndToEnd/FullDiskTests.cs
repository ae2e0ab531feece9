using System.Collections.Concurrent;
using System.Globalization;
using ClosedLoop.Storage.Tests;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>Guarantee G1 where the disk runs full: a service that cannot store says so, and lives.</summary>
public sealed class FullDiskTests
{
    private const int Senders = 8;
    private const int RefusalsEach = 3;

    // Far more than there is room for.
    private const int Most = 20_000;

    [Theory]
    [MemberData(nameof(FullDisk.ByFileLimit), MemberType = typeof(FullDisk))]
    public async Task A_service_that_has_no_room_refuses_with_503_and_goes_on_when_there_is_room(bool byFileLimit)
    {
        using var disk = byFileLimit ? null : FullDisk.Mount(megabytes: 24, ballastMegabytes: 16);
        using var database = disk is null ? TempDatabase.Create() : TempDatabase.Create(disk.Path);
        using var watcher = await WatcherProcess.StartAsync(database, largestFileBytes: byFileLimit ? 4 << 20 : null);
        await FillAsync(database, watcher, disk is null ? watcher.LiftFileLimit : disk.MakeRoom);
    }

    private static async Task FillAsync(TempDatabase database, WatcherProcess watcher, Action makeRoom)
    {
        var acknowledged = new ConcurrentDictionary<int, bool>();
        var refused = new ConcurrentBag<int>();
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendUntilFullAsync()));
        Assert.Equal(Senders * RefusalsEach, refused.Count);
        Assert.NotEmpty(acknowledged);
        // It still answers, and knows everything that it has acknowledged.
        await AssertHeldAsync(watcher, acknowledged.Keys);

        makeRoom();
        foreach (int number in refused)
        {
            var reply = await PostAsync(watcher, number);
            Assert.True((reply.Status, reply.Outcome) is (202, "accepted") or (200, "duplicate"), reply.ToString());
        }
        for (int i = 0; i < 50; i++) (await PostAsync(watcher, Interlocked.Increment(ref next))).IsTaken();
        foreach (int number in acknowledged.Keys.Take(20)) (await PostAsync(watcher, number)).IsTaken("duplicate", 200);
        watcher.Kill();

        // Only what is in the file counts.
        using var last = await WatcherProcess.StartAsync(database);
        await AssertHeldAsync(last, Enumerable.Range(1, next));
        Assert.Equal(next, (await last.GetAsync("board")).Json.GetProperty("pipelines")[0].GetProperty("total").GetInt32());
        Assert.Equal(0, (await last.GetAsync("quarantine")).Json.GetProperty("entries").GetArrayLength());

        async Task SendUntilFullAsync()
        {
            for (int refusals = 0; refusals < RefusalsEach;)
            {
                int number = Interlocked.Increment(ref next);
                Assert.True(number < Most, $"{Most} deliveries were taken and the disk is not full.");
                var reply = await PostAsync(watcher, number);
                if (reply.Status == 202)
                {
                    acknowledged[number] = true;
                    continue;
                }
                Assert.True(reply.Status == 503, $"{reply}\n{watcher}");
                refused.Add(number);
                refusals++;
            }
        }
    }

    private static Task<Reply> PostAsync(WatcherProcess watcher, int number) =>
        watcher.PostAsync("pull_request", Payload.PullRequest("opened", number, ItemOf(number), 10), $"delivery-{number}");

    private static async Task AssertHeldAsync(WatcherProcess watcher, IEnumerable<int> numbers)
    {
        foreach (int number in numbers)
        {
            var reply = await watcher.GetAsync("items/" + ItemOf(number));
            Assert.True(reply.Status == 200, $"{number}: {reply}");
            Assert.Equal("pr-opened", new ItemReply(reply.Json).Passed);
        }
    }

    private static string ItemOf(int number) => "BL-" + number.ToString(CultureInfo.InvariantCulture);
}
