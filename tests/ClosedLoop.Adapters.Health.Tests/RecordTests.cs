using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>What the record makes of the adapter's facts: health counts for the version that it saw, after its rollout.</summary>
public sealed class RecordTests : IAsyncLifetime
{
    private FakeService _service = null!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Health_counts_only_for_the_proven_version_after_its_rollout_and_until_it_regresses()
    {
        await using var story = new Story(Given.Http(_service.Address, static c => c.RegressedAfter = 3));
        await story.LandAsync(1, 'a', at: 0);
        await story.LandAsync(2, 'b', at: 1, parent: 'a');
        await story.RunsAsync('a', at: 2);

        // The new pods answer before the rollout of b is reported; a was seen after its own.
        _service.Says(200, Given.Up('a'));
        await story.LookAsync(at: 3);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(1));
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);

        _service.Says(200, Given.Up('b'));
        await story.LookAsync(at: 4);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);
        await story.RunsAsync('b', at: 5);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);

        // Old pods answer, and then one that does not say which it is.
        _service.Says(200, Given.Up('a'));
        await story.LookAsync(at: 6);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);
        _service.Says(200, Given.Up(null));
        await story.LookAsync(at: 7);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);

        _service.Says(200, Given.Up('b'));
        await story.LookAsync(at: 8);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));

        // A dip takes nothing away; three in a row do.
        _service.Says(503, Given.Up('b', "DOWN"));
        await story.LookAsync(at: 9);
        await story.LookAsync(at: 10);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));
        await story.LookAsync(at: 11);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), await story.HealthAsync(2));
        _service.Says(200, Given.Up('b'));
        await story.LookAsync(at: 12);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));
    }

    [Fact]
    public async Task Of_two_checks_both_have_to_be_well()
    {
        await using var story = new Story(Given.Http(_service.Address), Given.Http(_service.Address, static c => (c.Name, c.BodyPath) = ("db", "db")));
        await story.LandAsync(1, 'a', at: 0);
        await story.RunsAsync('a', at: 2);
        _service.Says(200, $"{{\"status\":\"UP\",\"db\":\"DOWN\",\"commit\":\"{Given.Sha('a')}\"}}");
        await story.LookAsync(at: 3);
        Assert.Equal(GateStatus.Failed, (await story.HealthAsync(1)).Status);
        _service.Says(200, $"{{\"status\":\"UP\",\"db\":\"UP\",\"commit\":\"{Given.Sha('a')}\"}}");
        await story.LookAsync(at: 4);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(1));
    }
}
