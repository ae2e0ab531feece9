using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>K of N, dips, regressions and repetitions.</summary>
public sealed class WindowTests : IAsyncLifetime
{
    private FakeService _service = null!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData(2, 3, "gbg", "RRP")] // 2 of the last 3
    [InlineData(2, 3, "bgbg", "RRFP")]
    [InlineData(2, 3, "ggb", "RPP")]
    [InlineData(2, 3, "ggbb", "RPPF")]
    [InlineData(3, 3, "ggbggg", "RRFFFP")] // as many as all: in a row
    [InlineData(1, 1, "bgb", "FPF")]
    [InlineData(1, 3, "bbbg", "RRFP")]
    [InlineData(2, 3, "gug", "RWP")] // what says neither is no success, and no failure
    [InlineData(2, 2, "uuuu", "WWWW")]
    [InlineData(2, 2, "gxg", "RFF")] // no answer at all: bad, of no version
    public async Task K_of_n_looks_at_one_version_must_be_good(int successes, int of, string looks, string verdicts)
    {
        var observer = Given.Observe(Given.Http(_service.Address, c => (c.Successes, c.Of, c.RegressedAfter) = (successes, of, 0)));
        string seen = "";
        GateStatus last = GateStatus.Waiting;
        foreach (char look in looks)
        {
            Say(look, 'a');
            observer.Time.Advance(TimeSpan.FromMinutes(5));
            var facts = (await observer.SweepAsync()).Facts;
            last = facts.Length == 0 ? last : facts[0].Status;
            seen += last switch { GateStatus.Passed => 'P', GateStatus.Failed => 'F', GateStatus.Running => 'R', _ => 'W' };
        }
        Assert.Equal(verdicts, seen);
    }

    [Fact]
    public async Task Good_looks_at_another_version_say_nothing_of_this_one()
    {
        var observer = Given.Observe(Given.Http(_service.Address, static c => (c.Successes, c.Of) = (2, 2)));
        Say('g', 'a');
        Assert.Equal(GateStatus.Running, (await observer.LookAsync()).Status);
        Assert.Equal(GateStatus.Passed, (await observer.LookAsync()).Status);
        Say('g', 'b');
        Assert.Equal((GateStatus.Running, Given.Sha('b')), ((await observer.LookAsync()) is var f ? (f.Status, f.Revision) : default));
        Say('g', 'a');
        Assert.Equal(GateStatus.Running, (await observer.LookAsync()).Status);
    }

    [Fact]
    public async Task A_dip_is_a_failure_and_many_in_a_row_are_a_regression()
    {
        var observer = Given.Observe(Given.Http(_service.Address, static c => c.RegressedAfter = 3));
        Say('g', 'a');
        await observer.LookAsync();
        Say('b', 'a');
        Assert.Equal((GateStatus.Failed, Reason.None), Of(await observer.LookAsync()));
        Assert.Equal((GateStatus.Failed, Reason.None), Of(await observer.LookAsync()));
        Assert.Equal((GateStatus.Failed, Reason.Regressed), Of(await observer.LookAsync()));
        Say('g', 'a');
        Assert.Equal((GateStatus.Passed, Reason.None), Of(await observer.LookAsync()));
    }

    [Fact]
    public async Task A_version_that_was_never_well_has_not_regressed()
    {
        var observer = Given.Observe(Given.Http(_service.Address, static c => c.RegressedAfter = 2));
        Say('g', 'a');
        await observer.LookAsync();
        Say('b', 'b');
        for (int i = 0; i < 5; i++) Assert.Equal((GateStatus.Failed, Reason.None), Of(await observer.LookAsync(10)));
    }

    [Fact]
    public async Task No_answer_at_all_is_of_no_version_and_takes_nothing_back()
    {
        var observer = Given.Observe(Given.Http(_service.Address, static c => c.RegressedAfter = 1));
        Say('g', 'a');
        await observer.LookAsync();
        Say('x', 'a');
        var fact = await observer.LookAsync();
        Assert.Equal((GateStatus.Failed, Reason.None), Of(fact));
        Assert.Empty(fact.Links);
    }

    [Fact]
    public async Task A_verdict_that_stays_is_told_again_ever_more_rarely_and_a_new_one_at_once()
    {
        var observer = Given.Observe(Given.Http(_service.Address));
        Say('g', 'a');
        var told = new List<double>();
        for (int minute = 0; minute <= 600; minute++)
        {
            if ((await observer.SweepAsync()).Facts.Length > 0) told.Add(minute);
            observer.Time.Advance(TimeSpan.FromMinutes(1));
        }
        // Each look of the first minutes, then after a tenth of the time, at the longest after 15 min.
        Assert.Equal(Enumerable.Range(0, 11).Select(static m => (double)m), told.Take(11));
        for (int i = 1; i < told.Count; i++) Assert.InRange(told[i] - told[i - 1], 1, Math.Max(2, Math.Min(15, (told[i] / 10) + 1)));
        Assert.InRange(told.Count, 40, 100);
        Say('b', 'a');
        Assert.Equal(GateStatus.Failed, (await observer.LookAsync()).Status);
    }

    [Fact]
    public async Task Two_observers_in_any_order_and_repetition_give_one_register()
    {
        // Nodes of one system look on their own; what they tell is joined by the instant of the look.
        var first = Given.Observe(Given.Http(_service.Address));
        var second = Given.Observe(Given.Http(_service.Address));
        var facts = new List<Fact>();
        foreach (char look in "gbgggbu")
        {
            Say(look, 'a');
            facts.Add(await first.LookAsync(5));
            facts.Add(await second.LookAsync(5));
        }
        var expected = facts.Aggregate(FactJoin.Join);
        Assert.Equal(facts[^1].Ordinal, expected.Ordinal);
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            Assert.Equal(expected, facts.Concat(facts.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).Aggregate(FactJoin.Join));
        }
    }

    private static (GateStatus, Reason) Of(Fact fact) => (fact.Status, fact.Reason);

    private void Say(char look, char version)
    {
        if (look == 'x') _service.Answer = static context => Break(context);
        else _service.Says(look == 'b' ? 503 : 200, look == 'u' ? $"{{\"commit\":\"{Given.Sha(version)}\"}}" : Given.Up(version));
    }

    private static Task Break(Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }
}
