using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>Every example payload that GitHub publishes, against the whole service.</summary>
public sealed class GitHubExamplesOverHttpTests
{
    private const string Variable = "OCTOKIT_WEBHOOKS_EXAMPLES";

    [Fact]
    public async Task Every_published_example_is_taken_by_eight_senders_at_a_time_and_the_record_stays_whole()
    {
        var examples = Examples();
        using var database = TempDatabase.Create();
        await using var host = await StackHost.StartAsync(database.Path);
        await PostAllAsync(host, examples, "first", (example, reply) => Assert.True(reply.Status is >= 200 and < 300, $"{example.Name}: {reply}"));

        var items = await host.ItemsAsync();
        Assert.NotEmpty(items);
        await AssertWholeAsync(host, items);

        var before = await host.RecordAsync();
        // The same payloads once more, as other deliveries: no state changes, however often it is observed.
        await PostAllAsync(host, examples, "again", (example, reply) => Assert.True(reply.Status is >= 200 and < 300, $"{example.Name}: {reply}"));
        Assert.Equal(before, await host.RecordAsync());
    }

    [Fact]
    public async Task The_published_examples_give_the_same_items_in_whatever_order_they_come()
    {
        var examples = Examples();
        using var first = TempDatabase.Create();
        using var second = TempDatabase.Create();
        await using var forward = await StackHost.StartAsync(first.Path);
        await using var backward = await StackHost.StartAsync(second.Path);
        await PostAllAsync(forward, examples, "forward", static (_, _) => { });
        await PostAllAsync(backward, [.. Enumerable.Reverse(examples)], "backward", static (_, _) => { });
        // Versions count how often an item changed on its way there, which does depend on the order.
        Assert.Equal((await forward.RecordAsync()).Select(static r => r.State), (await backward.RecordAsync()).Select(static r => r.State));
    }

    [Fact]
    public async Task One_flipped_byte_in_any_published_example_is_answered_with_401_and_leaves_no_trace()
    {
        using var database = TempDatabase.Create();
        await using var host = await StackHost.StartAsync(database.Path);
        await PostAllAsync(
            host,
            Examples(),
            "flipped",
            static (example, reply) =>
            {
                Assert.True(reply.Status == 401, $"{example.Name}: {reply}");
                reply.IsProblem(401, "bad-signature");
            },
            static (example, i) =>
            {
                byte[] changed = [.. example.Body];
                changed[i * 7919 % changed.Length] ^= 1;
                return changed;
            });
        Assert.Empty(await host.ItemsAsync());
        Assert.Empty(await host.QuarantineAsync());
    }

    private static async Task PostAllAsync(
        StackHost host, List<(string Name, byte[] Body)> examples, string round, Action<(string Name, byte[] Body), Reply> check, Func<(string Name, byte[] Body), int, byte[]>? change = null)
    {
        var replies = new ConcurrentDictionary<int, Reply>();
        await Parallel.ForEachAsync(Enumerable.Range(0, examples.Count), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var (name, body) = examples[i];
            // The signature is always of what GitHub published.
            replies[i] = await host.GitHubAsync(name, change?.Invoke(examples[i], i) ?? body, $"{round}-{i}", StackHost.Sign(body));
        });
        Assert.Equal(examples.Count, replies.Count);
        foreach (var (i, reply) in replies) check(examples[i], reply);
    }

    private static async Task AssertWholeAsync(StackHost host, List<JsonElement> items)
    {
        var quarantine = await host.QuarantineAsync();
        Assert.True(quarantine.Count == 0, string.Join('\n', quarantine));
        var board = (await host.ReadAsync("board")).GetProperty("pipelines").EnumerateArray().Single();
        Assert.Equal(items.Count, board.GetProperty("total").GetInt32());
        Assert.Equal(items.Count, items.Select(static i => i.GetProperty("id").GetString()).Distinct().Count());
        int live = board.GetProperty("beforeFirst").GetInt32() + board.GetProperty("gates").EnumerateArray().Sum(static g => g.GetProperty("at").GetInt32());
        Assert.Equal(items.Count, live + board.GetProperty("abandoned").GetInt32());
        foreach (var item in items)
        {
            string id = item.GetProperty("id").GetString()!;
            Assert.NotEmpty((await host.ItemAsync(id)).Why);
            var log = (await host.ReadAsync($"items/{Uri.EscapeDataString(id)}/transitions?limit=1000")).GetProperty("transitions").EnumerateArray().ToList();
            // The log tells how each gate came to be what it is.
            foreach (var gate in item.GetProperty("gates").EnumerateArray())
            {
                string name = gate.GetProperty("name").GetString()!;
                var last = log.LastOrDefault(t => t.TryGetProperty("gate", out var g) && g.GetString() == name);
                Assert.Equal(gate.GetProperty("status").GetString(), last.ValueKind == JsonValueKind.Undefined ? "waiting" : last.GetProperty("to").GetString());
            }
        }
        Assert.DoesNotContain(host.Log.Lines, static l => l.StartsWith("Error", StringComparison.Ordinal) || l.StartsWith("Critical", StringComparison.Ordinal));
    }

    private static List<(string Name, byte[] Body)> Examples()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
            Assert.Fail($"{Variable} must name api.github.com/index.json of npm's @octokit/webhooks-examples; run ./test.sh, which installs it and sets the variable.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(path!));
        var examples = document.RootElement.EnumerateArray()
            .SelectMany(static e => e.GetProperty("examples").EnumerateArray().Select(x => (e.GetProperty("name").GetString()!, Encoding.UTF8.GetBytes(x.GetRawText())))).ToList();
        Assert.True(examples.Count > 150, $"only {examples.Count} examples");
        return examples;
    }
}
