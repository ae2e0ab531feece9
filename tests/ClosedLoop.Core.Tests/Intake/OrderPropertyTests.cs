using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Intake;

/// <summary>G2 and G9: whatever the order, the batches, the duplicates and the path, one set of facts gives one record.</summary>
public sealed class OrderPropertyTests
{
    [Fact]
    public void Any_order_duplication_and_batching_of_the_same_facts_gives_the_same_record() =>
        PropertyCheck.Holds(Histories.Arbitrary(), history =>
        {
            var expected = Reference(history.Facts);
            for (int seed = 0; seed < 2; seed++) Assert.Equal(expected, Delivered(history, seed).GetAwaiter().GetResult().Record);
        }, tests: 120);

    [Fact]
    public void The_record_can_be_rebuilt_from_the_log_byte_for_byte() =>
        PropertyCheck.Holds(Histories.Arbitrary(), history =>
        {
            var (record, log) = Delivered(history, seed: 7).GetAwaiter().GetResult();
            Assert.Equal(record, Delivered(new History([.. log]), seed: 8).GetAwaiter().GetResult().Record);
        }, tests: 40);

    [Fact]
    public void What_is_logged_without_a_look_at_the_log_is_not_in_it() =>
        PropertyCheck.Holds(Histories.Arbitrary(), history =>
        {
            var news = new List<string>();
            Delivered(history, seed: 9, news).GetAwaiter().GetResult();
            Assert.Equal(history.Facts.Length == 0, news.Count == 0);
            Assert.Equal(news.Distinct(StringComparer.Ordinal), news);
        }, tests: 40);

    // The simplest thing that can be right: all facts in one graph, every item that could exist folded from it.
    private static string Reference(Fact[] facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(FactLimits.Apply(fact, Given.At(1_000_000)));
        var keys = graph.Facts.SelectMany(static f => f.Links.Add(f.Subject)).Distinct().ToList();
        var items = keys.Where(static k => k.Is(KeySchemes.Item)).Concat(keys.Where(static k => k.Is(KeySchemes.PullRequest)).Select(static k => Key.Item(k.ToString()))).Distinct();
        var states = items.Select(i => ItemFold.Fold(PipelineDefinition.Default, i, graph)).OfType<ItemState>().OrderBy(static s => s.Id, StringComparer.Ordinal);
        return Text(graph.Facts, states);
    }

    private static async Task<(string Record, IReadOnlyCollection<Fact> Log)> Delivered(History history, int seed, List<string>? news = null)
    {
        var random = new Random(seed);
        var store = new RecordingStore(news ?? []);
        using var loop = new LoopFixture(store: store);
        var sent = history.Facts.SelectMany(f => Enumerable.Repeat(f, random.Next(1, 3))).ToArray();
        random.Shuffle(sent);
        var batch = new List<Submission>();
        for (int i = 0, delivery = 0; i < sent.Length;)
        {
            int count = random.Next(1, 4);
            // Some come as webhooks, with a delivery id, and some as a probe reads them.
            var submission = LoopFixture.Submission(sent.Skip(i).Take(count));
            batch.Add(random.Next(2) == 0 ? submission : submission with { DeliveryId = (++delivery).ToString(CultureInfo.InvariantCulture) });
            i += count;
            if (random.Next(3) != 0 && i < sent.Length) continue;
            foreach (var result in await loop.Committer.CommitAsync(batch, null, default)) Assert.Equal(SubmissionOutcome.Committed, result.Outcome);
            batch.Clear();
        }
        var keys = history.Facts.Select(static f => f.Subject).ToHashSet();
        var loaded = await store.LoadAsync(new LoadRequest { Subjects = keys }, default);
        Assert.Empty(await loop.QuarantineAsync());
        return (Text(loaded.Facts, (await loop.ItemsAsync()).Select(static r => r.State)), store.Log.Values);
    }

    private static string Text(IEnumerable<Fact> registers, IEnumerable<ItemState> states) =>
        string.Join('\n', registers.OrderBy(static f => f.Register).Select(StoredJson.Write)) + "\n\n" + string.Join('\n', states.Select(StoredJson.Write));

    private sealed class RecordingStore(List<string> news) : StoreDecorator(new InMemoryLoopStore())
    {
        public Dictionary<string, Fact> Log { get; } = new(StringComparer.Ordinal);

        public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            foreach (var logged in commit.Log)
            {
                string digest = StoredJson.Digest(logged.Fact);
                Log[digest] = logged.Fact;
                if (logged.Digest is null) news.Add(digest);
            }
            return base.CommitAsync(commit, cancellationToken);
        }
    }
}
