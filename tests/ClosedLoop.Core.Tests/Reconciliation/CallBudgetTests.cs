using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Reconciliation;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Reconciliation;

public sealed class CallBudgetTests
{
    private static readonly Arbitrary<(int PerHour, int[] Steps)> Values = ArbMap.Default.ArbFor<(int, int[])>()
        .Convert(static v => (2 + (int)((uint)v.Item1 % 10_000), v.Item2 ?? []), static v => (v.Item1, v.Item2));

    [Fact]
    public void No_hour_sees_more_than_the_budget_however_greedy_the_caller_is_and_however_often_it_restarts() => PropertyCheck.Holds(Values, static v =>
    {
        var now = Given.Start;
        var budget = new CallBudget(v.PerHour, now);
        var spent = new List<(DateTimeOffset At, int Calls)>();
        foreach (int step in v.Steps.Concat(v.Steps).Concat(Enumerable.Repeat(97, 50)))
        {
            now += TimeSpan.FromSeconds((uint)step % 1000);
            if (step % 11 == 0) budget = new CallBudget(v.PerHour, now);
            int calls = budget.Available(now);
            budget.Spend(calls, now);
            spent.Add((now, calls));
        }
        foreach (var (at, _) in spent) Assert.InRange(spent.Where(s => s.At >= at && s.At < at.AddHours(1)).Sum(static s => s.Calls), 0, v.PerHour);
    }, tests: 300);

    [Fact]
    public void What_it_says_can_be_paid_at_an_instant_can_be_paid_then() => PropertyCheck.Holds(Values, static v =>
    {
        var now = Given.Start;
        var budget = new CallBudget(v.PerHour, now);
        foreach (int step in v.Steps)
        {
            int wanted = 1 + (int)((uint)step % budget.Burst);
            now = budget.When(wanted, now);
            Assert.InRange(budget.Available(now), wanted, budget.Burst);
            budget.Spend(wanted, now);
        }
    });

    [Fact]
    public void A_debt_and_what_the_source_says_is_left_are_both_kept_to()
    {
        var budget = new CallBudget(3600, Given.Start);
        var later = Given.Start.AddHours(1);
        Assert.Equal(360, budget.Available(later));
        budget.Lower(5, later);
        Assert.Equal(5, budget.Available(later));
        budget.Spend(14, later);
        Assert.Equal(0, budget.Available(later.AddSeconds(9)));
        Assert.Equal(1, budget.Available(later.AddSeconds(12)));
    }
}
