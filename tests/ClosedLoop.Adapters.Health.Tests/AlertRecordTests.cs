using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>What the record makes of alerts: they object to the version that brought them, beside what the checks say.</summary>
public sealed class AlertRecordTests : IAsyncLifetime
{
    private FakeService _service = null!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task An_alert_fails_what_its_version_brought_until_it_ends_and_nothing_that_was_live_before()
    {
        await using var story = await TwoLiveAsync();
        await story.AlertAsync(10, Given.Alert("HighErrorRate", 9));
        Assert.Equal((GateStatus.Failed, Reason.Vetoed), await story.HealthAsync(2));
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(1));
        // The check is well all the time.
        await story.LookAsync(11);
        Assert.Equal(GateStatus.Failed, (await story.HealthAsync(2)).Status);

        await story.AlertAsync(12, Given.Alert("HighErrorRate", 9, 11.5));
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(1));
    }

    [Fact]
    public async Task The_end_of_one_alert_is_not_the_end_of_another_in_whatever_order_they_come()
    {
        await using var story = await TwoLiveAsync();
        await story.AlertAsync(10, Given.Alert("HighErrorRate", 9), Given.Alert("SlowAnswers", 9.5));
        await story.AlertAsync(12, Given.Alert("SlowAnswers", 9.5, 11));
        Assert.Equal((GateStatus.Failed, Reason.Vetoed), await story.HealthAsync(2));
        await story.AlertAsync(13, Given.Alert("HighErrorRate", 9, 12.5));
        // Repeated late.
        await story.AlertAsync(14, Given.Alert("HighErrorRate", 9), Given.Alert("SlowAnswers", 9.5));
        Assert.Equal(GateStatus.Passed, (await story.HealthAsync(2)).Status);
        await story.AlertAsync(16, Given.Alert("HighErrorRate", 15));
        Assert.Equal(GateStatus.Failed, (await story.HealthAsync(2)).Status);
    }

    [Fact]
    public async Task An_alert_that_fires_since_before_the_rollout_holds_the_new_version_up_until_it_ends()
    {
        await using var story = await TwoLiveAsync();
        await story.AlertAsync(10, Given.Alert("HighErrorRate", 9));
        await story.LandAsync(3, 'c', at: 11, parent: 'b');
        await story.RunsAsync('c', at: 12);
        _service.Says(200, Given.Up('c'));
        await story.LookAsync(13);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(3)).Status);
        await story.AlertAsync(14, Given.Alert("HighErrorRate", 9, 13.5));
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(3));
        Assert.Equal(GateStatus.Passed, (await story.HealthAsync(2)).Status);
    }

    [Fact]
    public async Task Where_alerts_have_ended_the_next_version_needs_only_a_good_look()
    {
        await using var story = await TwoLiveAsync();
        await story.AlertAsync(10, Given.Alert("HighErrorRate", 9));
        await story.AlertAsync(11, Given.Alert("HighErrorRate", 9, 10.5));
        await story.LandAsync(3, 'c', at: 12, parent: 'b');
        await story.RunsAsync('c', at: 13);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(3)).Status);
        _service.Says(200, Given.Up('c'));
        await story.LookAsync(14);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(3));
    }

    [Fact]
    public async Task The_end_of_an_alert_alone_passes_nothing_unless_that_is_configured()
    {
        await using var silent = new Story(Given.Alerts());
        await using var speaking = new Story(Given.Alerts(static r => (r.VersionLabel, r.ResolvedPasses) = ("revision", true)));
        foreach (var story in (Story[])[silent, speaking])
        {
            await story.LandAsync(1, 'a', at: 0);
            await story.RunsAsync('a', at: 2);
            await story.AlertAsync(5, Given.Alert("HighErrorRate", 4, revision: Given.Sha('a')));
            Assert.Equal(GateStatus.Failed, (await story.HealthAsync(1)).Status);
            await story.AlertAsync(7, Given.Alert("HighErrorRate", 4, 6, revision: Given.Sha('a')));
        }
        Assert.Equal(GateStatus.Waiting, (await silent.HealthAsync(1)).Status);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await speaking.HealthAsync(1));
        // Another one fires: its failure stands beside the end of the first.
        await speaking.AlertAsync(9, Given.Alert("SlowAnswers", 8, revision: Given.Sha('a')));
        Assert.Equal((GateStatus.Failed, Reason.Vetoed), await speaking.HealthAsync(1));
    }

    // Change 1 is in version a, change 2 came with version b; both were found well.
    private async Task<Story> TwoLiveAsync()
    {
        var story = new Story(Given.Alerts(null, Given.Http(_service.Address)));
        await story.LandAsync(1, 'a', at: 0);
        await story.RunsAsync('a', at: 2);
        _service.Says(200, Given.Up('a'));
        await story.LookAsync(3);
        await story.LandAsync(2, 'b', at: 4, parent: 'a');
        await story.RunsAsync('b', at: 5);
        _service.Says(200, Given.Up('b'));
        await story.LookAsync(6);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));
        return story;
    }
}
