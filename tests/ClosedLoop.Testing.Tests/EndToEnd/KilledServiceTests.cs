using System.Collections.Concurrent;
using System.Globalization;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>Guarantee G1 over HTTP: a delivery that was answered with success is in the record, whatever is killed.</summary>
public sealed class KilledServiceTests
{
    private const int Senders = 8;

    [Fact]
    public async Task A_service_that_is_killed_in_the_midst_of_deliveries_has_every_one_that_it_acknowledged()
    {
        using var database = TempDatabase.Create();
        var acknowledged = new ConcurrentDictionary<int, bool>();
        var unanswered = new ConcurrentDictionary<int, bool>();
        int next = 0;
        foreach (int killAfter in new[] { 1, 60, 250 })
        {
            using var watcher = await WatcherProcess.StartAsync(database);
            await AssertHeldAsync(watcher, acknowledged.Keys);
            int answers = 0;
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => SendUntilKilledAsync()));
            Assert.True(answers >= killAfter, $"the watcher ended by itself:\n{watcher}");

            async Task SendUntilKilledAsync()
            {
                while (true)
                {
                    int number = Interlocked.Increment(ref next);
                    try
                    {
                        var reply = await PostAsync(watcher, number);
                        Assert.True(reply.Status == 202, reply.ToString());
                        acknowledged[number] = true;
                        if (Interlocked.Increment(ref answers) == killAfter) watcher.Kill();
                    }
                    catch (HttpRequestException)
                    {
                        unanswered[number] = true;
                        return;
                    }
                }
            }
        }
        Assert.Equal(3 * Senders, unanswered.Count);

        using var last = await WatcherProcess.StartAsync(database);
        await AssertHeldAsync(last, acknowledged.Keys);
        // The sender of what was not answered sends it again: it is there once, whether it had been stored or not.
        foreach (int number in unanswered.Keys)
        {
            var reply = await PostAsync(last, number);
            Assert.True((reply.Status, reply.Outcome) is (202, "accepted") or (200, "duplicate"), reply.ToString());
        }
        foreach (int number in acknowledged.Keys.Take(20)) (await PostAsync(last, number)).IsTaken("duplicate", 200);
        await AssertHeldAsync(last, unanswered.Keys);
        var board = (await last.GetAsync("board")).Json.GetProperty("pipelines")[0];
        Assert.Equal(next, board.GetProperty("total").GetInt32());
        Assert.Equal(0, (await last.GetAsync("quarantine")).Json.GetProperty("entries").GetArrayLength());
    }

    // Every third change is merged at once, so that a delivery is more than one register.
    private static Task<Reply> PostAsync(WatcherProcess watcher, int number) => watcher.PostAsync(
        "pull_request",
        IsMerged(number) ? Payload.Merged(number, ItemOf(number), 60, Payload.Sha(100_000 + number)) : Payload.PullRequest("opened", number, ItemOf(number), 10),
        $"delivery-{number}");

    private static async Task AssertHeldAsync(WatcherProcess watcher, ICollection<int> numbers)
    {
        foreach (int number in numbers)
        {
            var reply = await watcher.GetAsync("items/" + ItemOf(number));
            Assert.True(reply.Status == 200, $"{number}: {reply}");
            Assert.Equal(IsMerged(number) ? "pr-opened merged" : "pr-opened", new ItemReply(reply.Json).Passed);
        }
    }

    private static bool IsMerged(int number) => number % 3 == 0;

    private static string ItemOf(int number) => "BL-" + number.ToString(CultureInfo.InvariantCulture);
}
