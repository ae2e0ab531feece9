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

    private static ItemState Item(GateStatus build) => new()
    {
        Id = "BL-1",
        Pipeline = "delivery",
        Gates = [new GateView { Gate = Gates.MainCi, Status = build }, new GateView { Gate = Gates.RolledOut }],
        DoneDefinition = "healthy",
    };
}
