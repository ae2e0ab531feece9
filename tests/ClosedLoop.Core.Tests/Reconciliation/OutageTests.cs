using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Reconciliation;

namespace ClosedLoop.Core.Tests.Reconciliation;

/// <summary>A source that is away: nothing hammers it, its gates are blind, and all of it is read soon after it is back.</summary>
public sealed class OutageTests
{
    private readonly FakeSource _source = new();

    [Fact]
    public async Task However_many_looks_are_due_a_source_that_is_down_is_tried_a_few_times_and_ever_more_rarely()
    {
        using var loop = Fixture();
        for (int i = 1; i <= 300; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        _source.Answer = static _ => ProbeResult.Unreachable("502");
        await loop.RunAsync(TimeSpan.FromHours(1), TimeSpan.FromSeconds(5));
        // 2 that open the breaker, then 30 s, 1, 2, 4 and every 5 minutes.
        Assert.InRange(_source.Probes.Count, 12, 22);
        var gaps = _source.Probes.Zip(_source.Probes.Skip(1), static (a, b) => b.At - a.At).Skip(6);
        Assert.All(gaps, static gap => Assert.InRange(gap, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6)));
        Assert.NotNull(Assert.Single(loop.Get<ILoopQueries>().Sources).BlindSince);

        // Back again: one batch finds out, and then everything is read, however late it is.
        _source.Answer = static _ => null;
        _source.Probes.Clear();
        await loop.RunAsync(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(5));
        Assert.InRange(_source.Probes[0].Keys.Length, 1, 20);
        Assert.Equal(300, _source.Probes.SelectMany(static p => p.Keys).Where(static k => k.Is(KeySchemes.PullRequest)).Distinct().Count());
        Assert.Null(Assert.Single(loop.Get<ILoopQueries>().Sources).BlindSince);
    }

    [Fact]
    public async Task A_connection_that_breaks_once_is_tried_again_at_once_and_nothing_is_blind()
    {
        int broken = 0;
        _source.Answer = _ => broken++ % 2 == 0 ? throw new HttpRequestException("the response ended prematurely") : null;
        using var loop = Fixture();
        await loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        await loop.RunAsync(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5));
        Assert.True(broken >= 8);
        Assert.Null(Assert.Single(loop.Get<ILoopQueries>().Sources).BlindSince);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_hides_neither_the_others_nor_itself()
    {
        _source.Answer = b => b.Keys.Contains(Given.Pr(1)) ? ProbeResult.Unreachable("no repository", [Given.Review(2, "ann", GateStatus.Passed, 1)]) : null;
        using var loop = Fixture();
        for (int i = 1; i <= 60; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        await loop.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));
        Assert.All(Enumerable.Range(1, 60), i => Assert.InRange(_source.Probes.Count(p => p.Keys.Contains(Given.Pr(i))), 4, 15));
    }

    [Theory]
    [InlineData(30, 0, 30)]
    [InlineData(30, 2, 120)]
    [InlineData(30, 50, 300)]
    [InlineData(0.01, 0, 0.5)]
    public void Pauses_double_up_to_five_minutes(double first, int failed, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), SourceGuard.Pause(TimeSpan.FromSeconds(first), failed));

    [Fact]
    public void A_gate_of_two_sources_was_blind_only_while_both_were()
    {
        (DateTimeOffset, DateTimeOffset)[] one = [(Given.At(0), Given.At(10)), (Given.At(20), Given.At(30))], other = [(Given.At(5), Given.At(25))];
        Assert.Equal([(Given.At(5), Given.At(10)), (Given.At(20), Given.At(25))], BlindSpans.Common([one, other], Given.At(0), Given.At(60)));
        Assert.Equal([(Given.At(7), Given.At(10))], BlindSpans.Common([one, other], Given.At(7), Given.At(15)));
        Assert.Empty(BlindSpans.Common([one, []], Given.At(0), Given.At(60)));
        Assert.Empty(BlindSpans.Common([], Given.At(0), Given.At(60)));
    }

    private LoopFixture Fixture() => new(l => l.AddAdapter(_ => _source.Register(TimeSpan.FromMinutes(1), null, 20)));
}
