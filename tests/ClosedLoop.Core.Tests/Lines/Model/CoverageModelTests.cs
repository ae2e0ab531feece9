using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Items;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>
/// Coverage against a reference that recomputes everything from the whole commit graph and everything that happened; and, where a part of that is missing, against
/// itself in another order. Set CLOSEDLOOP_MODEL_HISTORIES to check more or fewer histories than the 10,000 (and half as many parts) of a usual run, and
/// CLOSEDLOOP_MODEL_SEED for others.
/// </summary>
public sealed class CoverageModelTests
{
    private const int Parts = 8;

    private static readonly int Histories = Number("CLOSEDLOOP_MODEL_HISTORIES", 10_000);
    private static readonly int Seed = Number("CLOSEDLOOP_MODEL_SEED", 0);

    [Fact]
    public void Whatever_happens_and_in_whatever_order_it_is_heard_of_the_record_says_what_the_commit_graph_says() => HoldsInParts(CheckAsync, Histories, 0);

    [Fact]
    public void While_a_part_is_not_heard_of_the_record_follows_from_what_was_heard_and_not_from_its_order() => HoldsInParts(CheckPartAsync, Histories / 2, 1_000);

    private static void HoldsInParts(Func<DeliveryHistory, Task> check, int histories, int firstPart) =>
        Parallel.For(0, Parts, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, part =>
            PropertyCheck.Holds(DeliveryHistory.Arbitrary(), history => check(history).GetAwaiter().GetResult(), Math.Max(1, histories / Parts), (ulong)((Seed * Parts) + part + firstPart)));

    private static async Task CheckAsync(DeliveryHistory history)
    {
        var pipeline = history.Shape.Pipeline();
        var happened = history.Play().Happenings;
        var expected = new ReferenceCoverage(pipeline, happened).Items();
        var inOrder = await EngineRun.InOrderAsync(pipeline, happened, history.Seed);
        Assert.Equal("", Agreement.Differences(pipeline, expected, inOrder));
        AssertSame(inOrder, await EngineRun.ShuffledAsync(pipeline, happened, history.Seed));
    }

    private static async Task CheckPartAsync(DeliveryHistory history)
    {
        var (asItCame, atOnce) = await EngineRun.PartlyAsync(history.Shape.Pipeline(), history.Play().Happenings, history.Seed);
        AssertSame(atOnce, asItCame);
    }

    private static void AssertSame(SortedDictionary<string, ItemState> expected, SortedDictionary<string, ItemState> other)
    {
        Assert.Equal(expected.Keys, other.Keys);
        foreach (var (id, state) in expected) Assert.Equal(StoredJson.Write(state), StoredJson.Write(other[id]));
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : usual;
}
