using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Deadlines;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Core.Tests.Deadlines;

public sealed class AdaptiveLimitTests
{
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task A_gate_that_usually_takes_longer_is_late_later()
    {
        using var loop = Fixture(new AdaptiveLimit(Gates.MainCi, TimeSpan.FromHours(3)));
        await UsuallyTakesAsync(loop, minutes: 40, items: 25);
        // 1.5 times 40 minutes.
        Assert.Equal(60, await TellsAfterAsync(loop));
    }

    [Fact]
    public async Task It_is_bounded_and_never_brought_forward()
    {
        using var bounded = Fixture(new AdaptiveLimit(Gates.MainCi, TimeSpan.FromMinutes(50)));
        await UsuallyTakesAsync(bounded, minutes: 100, items: 25);
        Assert.Equal(50, await TellsAfterAsync(bounded));

        _sink.Delivered.Clear();
        using var quick = Fixture(new AdaptiveLimit(Gates.MainCi, TimeSpan.FromHours(3)));
        await UsuallyTakesAsync(quick, minutes: 2, items: 25);
        Assert.Equal(30, await TellsAfterAsync(quick));
    }

    [Fact]
    public async Task A_few_passes_are_no_expectation()
    {
        using var loop = Fixture(new AdaptiveLimit(Gates.MainCi, TimeSpan.FromHours(3)));
        await UsuallyTakesAsync(loop, minutes: 40, items: AdaptiveLimit.MinSamples - 1);
        Assert.Equal(30, await TellsAfterAsync(loop));
    }

    [Fact]
    public async Task It_is_learned_again_after_a_restart()
    {
        var store = new InMemoryLoopStore();
        using var before = Fixture(new AdaptiveLimit(Gates.MainCi, TimeSpan.FromHours(3)), store);
        await UsuallyTakesAsync(before, minutes: 40, items: 25);
        using var after = new LoopFixture(l => l.AddSink(_ => _sink).ConfigureLimits(static o => o.Adaptive.Add(new AdaptiveLimit(Gates.MainCi, TimeSpan.FromHours(3)))), store, before.Time);
        Assert.Equal(60, await TellsAfterAsync(after));
    }

    [Fact]
    public async Task A_mistake_is_refused_with_its_path()
    {
        using var loop = Fixture(new AdaptiveLimit(Gates.MainCi, TimeSpan.Zero));
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => loop.RunAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("Limits:Adaptive:0 (main-ci) has AtMost 00:00:00; use a positive time such as 02:00:00.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1025)]
    public async Task The_end_of_the_log_is_found_by_one_read_of_one_entry(int entries)
    {
        var store = new ReadLog(new InMemoryLoopStore());
        await store.CommitAsync(new StoreCommit { At = Given.Start, Transitions = [.. Enumerable.Range(0, entries).Select(static i => new Transition { ItemId = "BL-1", Kind = TransitionKind.Opened, RecordedAt = Given.At(i) })] }, default);
        Assert.Equal(entries, await store.EndOfLogAsync(default));
        Assert.Equal(1, Assert.Single(store.Reads).Limit);
    }

    private LoopFixture Fixture(AdaptiveLimit adaptive, ILoopStore? store = null) => new(l => l.AddSink(_ => _sink).ConfigureLimits(o => o.Adaptive.Add(adaptive)), store);

    private static async Task UsuallyTakesAsync(LoopFixture loop, int minutes, int items)
    {
        for (int i = 1; i <= items; i++)
        {
            await loop.TakeAsync([Given.Opened(Given.Item(i)), Given.PrOpen(i, 1, Given.Item(i)), Given.Review(i, "ann", GateStatus.Passed, 2), Given.Merged(i, 3, Given.Item(i)), Given.Landed($"a{i}", i, 3), Given.Built(i, GateStatus.Passed, 3 + minutes, $"a{i}")]);
        }
        loop.Time.AdvanceTo(Given.At(200));
        await loop.RunAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>After how many minutes a build that never ends is told.</summary>
    private async Task<int> TellsAfterAsync(LoopFixture loop)
    {
        const int item = 900, merged = 210;
        await loop.TakeAsync([Given.Opened(Given.Item(item), merged), Given.PrOpen(item, merged, Given.Item(item)), Given.Review(item, "ann", GateStatus.Passed, merged), Given.Merged(item, merged, Given.Item(item)), Given.Landed("b1", item, merged)]);
        _sink.Delivered.Clear();
        await loop.RunAsync(Given.At(merged) - loop.Now + TimeSpan.FromMinutes(170), TimeSpan.FromMinutes(1));
        var told = Assert.Single(_sink.Delivered, static n => n is { ItemId: "BL-900", Gate: Gates.MainCi });
        return (int)(told.At - Given.At(merged)).TotalMinutes;
    }

    private sealed class ReadLog(ILoopStore inner) : StoreDecorator(inner)
    {
        public List<TransitionQuery> Reads { get; } = [];

        public override ValueTask<IReadOnlyList<Transition>> ReadTransitionsAsync(TransitionQuery query, CancellationToken cancellationToken)
        {
            Reads.Add(query);
            return base.ReadTransitionsAsync(query, cancellationToken);
        }
    }
}
