using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;

namespace ClosedLoop.Core.Tests.Reconciliation;

/// <summary>More to poll than the source allows: an hour's limit used up in ten minutes would leave fifty without sight.</summary>
public sealed class BudgetTests
{
    private readonly FakeSource _source = new();
    private readonly List<(DateTimeOffset At, int Calls)> _calls = [];

    [Fact]
    public async Task A_budget_too_small_for_the_interval_makes_looks_late_and_no_hour_exceeds_it()
    {
        // A call for each key and one for a sweep: 60 items at once a minute would be 3,660 an hour.
        _source.Answer = Charge;
        using var loop = Fixture(perHour: 600);
        for (int i = 1; i <= 60; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        await loop.RunAsync(TimeSpan.FromHours(3), TimeSpan.FromSeconds(5));
        foreach (var (at, _) in _calls) Assert.InRange(_calls.Where(c => c.At >= at && c.At < at.AddHours(1)).Sum(static c => c.Calls), 0, 600);
        // It is used, not only kept.
        Assert.InRange(_calls.Sum(static c => c.Calls), 1_200, 1_800);
        // Sweeps, which find most for the least, keep their interval; and no item is left out.
        Assert.InRange(_source.Probes.Count(static p => p.SweepSince is not null && p.At > Given.Start.AddHours(1)), 100, 160);
        Assert.All(Enumerable.Range(1, 60), i => Assert.InRange(_source.Probes.Count(p => p.Keys.Contains(Given.Pr(i))), 10, 60));
    }

    [Fact]
    public async Task A_probe_that_costs_more_than_there_is_stops_and_goes_on_when_there_is_more()
    {
        _source.Answer = Charge;
        using var loop = Fixture(perHour: 200);
        for (int i = 1; i <= 40; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        await loop.RunAsync(TimeSpan.FromHours(2), TimeSpan.FromSeconds(30));
        Assert.Contains(_calls, static c => c.Calls == 0);
        foreach (var (at, _) in _calls) Assert.InRange(_calls.Where(c => c.At >= at && c.At < at.AddHours(1)).Sum(static c => c.Calls), 0, 200);
        Assert.All(Enumerable.Range(1, 40), i => Assert.Contains(_source.Probes, p => p.Keys.Contains(Given.Pr(i))));
    }

    [Fact]
    public async Task A_source_that_says_that_little_is_left_is_asked_less()
    {
        _source.Answer = b => ProbeResult.Reached([]) with { Calls = 1, RemainingRequests = b.At < Given.At(30) ? 0 : null };
        using var loop = Fixture(perHour: 36_000);
        await loop.TakeAsync(Given.PrOpen(1, 0, Given.Item(1)));
        await loop.RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1));
        Assert.NotEmpty(_source.Probes);
        Assert.All(_source.Probes.Skip(1), static p => Assert.InRange(p.Allowance, 1, 3_600));
        Assert.True(_source.Probes[1].Allowance < 3_600);
    }

    [Fact]
    public async Task One_call_answers_for_all_items_of_a_repository_whose_webhooks_came_one_by_one()
    {
        using var loop = Fixture(perHour: null);
        for (int i = 1; i <= 50; i++) await loop.TakeAsync(Given.PrOpen(i, 0, Given.Item(i)));
        await loop.RunAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
        _source.Probes.Clear();
        for (int i = 1; i <= 50; i++)
        {
            _source.Happens(loop.Now, Given.Review(i, "ann", GateStatus.Passed, 3));
            await loop.Get<IWebhookReceiver>().ReceiveAsync(FakeSource.Delivery($"{i - 1}", loop.Now));
            await loop.RunAsync(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(200));
        }
        await loop.RunAsync(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1));
        Assert.Equal(50, _source.Probes.SelectMany(static p => p.Keys).Where(static k => k.Is(KeySchemes.PullRequest)).Distinct().Count());
        Assert.InRange(_source.Probes.Count, 1, 8);
    }

    private ProbeResult Charge(ProbeBatch batch)
    {
        int cost = batch.Keys.Length + (batch.SweepSince is null ? 0 : 1);
        bool isAffordable = cost <= batch.Allowance;
        _calls.Add((batch.At, isAffordable ? cost : 0));
        return isAffordable ? ProbeResult.Reached([]) with { Calls = cost } : new ProbeResult { Outcome = ProbeOutcome.RateLimited, Calls = 0 };
    }

    private LoopFixture Fixture(int? perHour) => new(l => l.AddAdapter(_ => _source.Register(TimeSpan.FromMinutes(1), perHour, 20)));
}
