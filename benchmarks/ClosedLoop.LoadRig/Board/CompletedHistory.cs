using ClosedLoop.Benchmarks;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Board;

/// <summary>Fills a store by commits of whole, folded items: as the intake would leave it, without the wait for it.</summary>
internal static class CompletedHistory
{
    private const int ItemsPerCommit = 500;

    private static readonly DateTimeOffset At = new(2026, 1, 6, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The open items are the oldest: a list of open ones that walks through the newest would meet all that is done first.</summary>
    public static async Task FillAsync(ILoopStore store, int open, int completed)
    {
        for (int first = 1; first <= open + completed; first += ItemsPerCommit)
        {
            var registers = new List<Fact>();
            var items = new List<ItemRecord>();
            for (int n = first; n < first + ItemsPerCommit && n <= open + completed; n++)
            {
                var facts = n <= open ? [.. DeliveryHistory.Of(n).Take(4)] : DeliveryHistory.Of(n);
                registers.AddRange(facts);
                items.Add(new ItemRecord { State = Fold(n, facts), Version = facts.Count, UpdatedAt = At.AddSeconds(n) });
            }
            var log = registers.Select(static f => new LoggedFact(f, StoredJson.Digest(f), "rig")).ToList();
            await store.CommitAsync(new StoreCommit { At = At, Registers = registers, Items = items, Log = log }, CancellationToken.None);
        }
    }

    private static ItemState Fold(int number, IReadOnlyList<Fact> facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return ItemFold.Fold(PipelineDefinition.Default, Key.Item($"BL-{number}"), graph) ?? throw new ClaimFailedException($"BL-{number} does not exist.");
    }
}
