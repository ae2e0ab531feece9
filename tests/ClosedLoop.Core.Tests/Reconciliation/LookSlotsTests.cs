using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Reconciliation;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Reconciliation;

public sealed class LookSlotsTests
{
    private static readonly Arbitrary<(int Poll, int Times, long After, int Group)> Values = ArbMap.Default.ArbFor<(int, int, int, int)>()
        .Convert(static v => (1 + (int)((uint)v.Item1 % 7200), 1 + (int)((uint)v.Item2 % 15), (long)(uint)v.Item3 * 7_000, (int)((uint)v.Item4 % 1000)), static v => (v.Item1, v.Item2, (int)v.Item3, v.Item4));

    [Fact]
    public void The_next_look_is_later_than_now_and_never_further_away_than_its_interval() => PropertyCheck.Holds(Values, static v =>
    {
        var (now, poll, interval, group) = Read(v);
        var next = LookSlots.Next(now, poll, interval, "github", group);
        Assert.InRange(next, now.AddTicks(1), now + interval);
    }, tests: 1000);

    [Fact]
    public void Looks_that_follow_each_other_are_at_least_eight_tenths_of_an_interval_apart() => PropertyCheck.Holds(Values, static v =>
    {
        var (now, poll, _, group) = Read(v);
        var at = LookSlots.Next(now, poll, poll, "github", group);
        for (int i = 0; i < 50; i++)
        {
            var next = LookSlots.Next(at, poll, poll, "github", group);
            Assert.InRange(next - at, poll * 0.8 - TimeSpan.FromTicks(10), poll);
            at = next;
        }
    });

    [Fact]
    public void Items_of_one_repository_are_due_at_the_same_instant_whenever_they_were_opened() => PropertyCheck.Holds(Values, static v =>
    {
        var (now, poll, _, group) = Read(v);
        var first = LookSlots.Next(now, poll, poll, "github", group);
        for (int i = 0; i < 20; i++)
        {
            var other = LookSlots.Next(now + (poll * (i / 20.0)), poll, poll, "github", group);
            var second = LookSlots.Next(first, poll, poll, "github", group);
            Assert.Contains(other, new[] { first, second, LookSlots.Next(second, poll, poll, "github", group) });
        }
    });

    [Fact]
    public void A_thousand_repositories_share_few_instants_of_an_interval_and_spread_over_them()
    {
        var minute = TimeSpan.FromMinutes(1);
        var instants = Enumerable.Range(0, 1000).Select(i => LookSlots.Next(Given.Start, minute, minute, "github", $"acme/r{i}")).GroupBy(static at => at).ToList();
        Assert.InRange(instants.Count, 2, LookSlots.Phases + 1);
        Assert.All(instants, static group => Assert.InRange(group.Count(), 100, 600));
    }

    [Fact]
    public void Two_sources_are_not_asked_at_the_same_instants()
    {
        var minute = TimeSpan.FromMinutes(1);
        Assert.NotEqual(LookSlots.Next(Given.Start, minute, minute, "github", "acme/web"), LookSlots.Next(Given.Start, minute, minute, "jenkins", "acme/web"));
    }

    private static (DateTimeOffset Now, TimeSpan Poll, TimeSpan Interval, string Group) Read((int Poll, int Times, long After, int Group) v) =>
        (Given.Start.AddTicks(v.After * 10_000), TimeSpan.FromSeconds(v.Poll), TimeSpan.FromSeconds(v.Poll) * v.Times, $"acme/r{v.Group}");
}
