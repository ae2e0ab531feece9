using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Reconciliation;

namespace ClosedLoop.Core.Tests.Reconciliation;

public sealed class LookIntervalTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60)]
    public void A_source_of_which_nothing_is_missing_is_never_asked_more_often_than_one_of_which_something_is(int pollMinutes)
    {
        var adapter = new AdapterRegistration { Name = "ci", Writers = [Given.Ci], Gates = [Gates.MainCi], PollInterval = TimeSpan.FromMinutes(pollMinutes), QuietPollInterval = TimeSpan.FromDays(1) };
        foreach (double quietHours in (double[])[0, 0.1, 1, 9, 11, 30, 300, 3_000])
            foreach (double stretch in (double[])[1, 20])
                Assert.True(
                    LookInterval.Of(Item(GateStatus.Passed), TimeSpan.FromHours(quietHours), adapter, stretch) >= LookInterval.Of(Item(GateStatus.Waiting), TimeSpan.FromHours(quietHours), adapter, stretch),
                    $"quiet for {quietHours} h, stretch {stretch}");
    }

    [Theory]
    [InlineData(60, 600)]
    [InlineData(300, 900)]
    [InlineData(3600, 3600)]
    public void Just_after_something_happened_it_is_asked_ten_times_more_rarely_at_least_every_fifteen_minutes_or_at_each_poll(int pollSeconds, int expectedSeconds)
    {
        var adapter = new AdapterRegistration { Name = "ci", Writers = [Given.Ci], Gates = [Gates.MainCi], PollInterval = TimeSpan.FromSeconds(pollSeconds) };
        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), LookInterval.Of(Item(GateStatus.Passed), TimeSpan.Zero, adapter));
    }

    [Theory]
    [InlineData(GateStatus.Passed, 0.9, 0.25)]
    [InlineData(GateStatus.Passed, 1, 168)]
    [InlineData(GateStatus.Passed, 400, 400)]
    [InlineData(GateStatus.Failed, 23.9, 0.25)]
    [InlineData(GateStatus.Failed, 24, 168)]
    public void What_is_done_rests_after_an_hour_at_a_source_whose_gates_hold_and_after_a_day_at_one_of_which_something_is_missing(GateStatus build, double quietHours, double expectedHours)
    {
        var adapter = new AdapterRegistration { Name = "ci", Writers = [Given.Ci], Gates = [Gates.MainCi], PollInterval = TimeSpan.FromMinutes(2) };
        Assert.Equal(TimeSpan.FromHours(expectedHours), LookInterval.Of(Item(build) with { IsDone = true }, TimeSpan.FromHours(quietHours), adapter));
    }

    [Fact]
    public void What_is_not_done_never_rests()
    {
        var adapter = new AdapterRegistration { Name = "ci", Writers = [Given.Ci], Gates = [Gates.MainCi], PollInterval = TimeSpan.FromMinutes(2) };
        Assert.True(LookInterval.Of(Item(GateStatus.Passed), TimeSpan.FromDays(400), adapter) <= LookInterval.LongestSettled);
    }

    private static ItemState Item(GateStatus build) => new()
    {
        Id = "BL-1",
        Pipeline = "delivery",
        Gates = [new GateView { Gate = Gates.MainCi, Status = build }, new GateView { Gate = Gates.RolledOut }],
        DoneDefinition = "healthy",
    };
}
