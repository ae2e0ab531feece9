using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Adapters.GitHub.Probing;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>What a probe takes of the budget, and what it does when there is no more.</summary>
public sealed class AllowanceTests : IDisposable
{
    private readonly FakeGitHub _github = new() { ETag = "W/\"one\"" };

    public void Dispose() => _github.Dispose();

    [Fact]
    public async Task Points_are_counted_and_not_modified_is_free()
    {
        _github.Add(Payloads.PullRequest("opened", 10));
        var probe = _github.Probe();
        // The lines, the list, and what changed.
        Assert.Equal(3, (await _github.ReadAsync(probe, Payloads.Start)).Calls);
        Assert.Equal(1, (await _github.ReadAsync(probe, Payloads.Start.AddSeconds(60))).Calls);
    }

    [Fact]
    public async Task A_probe_stops_before_it_takes_more_than_it_may_and_keeps_what_it_has_read()
    {
        _github.Add(Payloads.PullRequest("opened", 10));
        var batch = new ProbeBatch { Source = "github", Keys = [Key.PullRequest("acme/web", 12), .. Enumerable.Range(100, 120).Select(static n => Key.PullRequest("acme/web", n))], Allowance = 2, At = _github.Clock.GetUtcNow() };
        var result = await _github.Probe().ProbeAsync(batch, CancellationToken.None);
        Assert.Equal((ProbeOutcome.RateLimited, null, 1), (result.Outcome, result.RetryAt, _github.Requests.Count));
        Assert.InRange(result.Calls!.Value, 1, 2);
        Assert.Contains(result.Facts, static f => f.Subject == Key.PullRequest("acme/web", 12));
        Assert.Contains("GitHub:CallsPerHour", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_changes_is_read_oldest_first_and_the_sweep_says_how_far_it_got()
    {
        for (int i = 0; i < 150; i++) _github.Add(Payloads.PullRequest("opened", 10 + i, number: 1000 + i));
        var batch = new ProbeBatch { Source = "github", SweepSince = Payloads.Start, Allowance = 4, At = _github.Clock.GetUtcNow() };
        var result = await _github.Probe().ProbeAsync(batch, CancellationToken.None);
        Assert.Equal(ProbeOutcome.RateLimited, result.Outcome);
        Assert.Equal(100, result.Facts.Where(static f => f.Kind == Gates.PrOpened).Select(static f => f.Subject).Distinct().Count());
        Assert.Equal(DateTimeOffset.Parse(Payloads.At(110), System.Globalization.CultureInfo.InvariantCulture), result.SweptUntil);
    }

    [Fact]
    public void Prices_follow_the_published_rule_and_a_hundred_pull_requests_cost_two_points()
    {
        GraphQlSubject[] pulls = [.. Enumerable.Range(1, 100).Select(static n => new GraphQlSubject("acme/web", n, null))];
        Assert.Equal(2, GraphQlCost.Of(pulls, 0, withLabels: false));
        Assert.Equal(3, GraphQlCost.Of(pulls, 0, withLabels: true));
        Assert.Equal(7, GraphQlCost.Of([.. Enumerable.Repeat(GraphQlSubject.Lines("acme/web"), 50)], 0, withLabels: false));
        Assert.Equal(1, GraphQlCost.Of(pulls[..3], 0, withLabels: false));
    }

    [Fact]
    public void A_query_that_was_too_slow_is_asked_smaller_the_next_time_and_grows_again()
    {
        var memory = new ChunkMemory();
        memory.TooSlow(100);
        Assert.Equal(50, memory.Size);
        memory.Answered(20);
        Assert.Equal(50, memory.Size);
        memory.Answered(50);
        Assert.Equal(55, memory.Size);
        for (int i = 0; i < 20; i++) memory.TooSlow(memory.Size);
        Assert.Equal(ChunkMemory.Least, memory.Size);
        for (int i = 0; i < 50; i++) memory.Answered(memory.Size);
        Assert.Equal(ChunkMemory.Most, memory.Size);
    }
}
