using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Finding what a lost webhook would have announced.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly FakeGitHub _github = new() { ETag = "W/\"one\"" };

    public void Dispose() => _github.Dispose();

    [Fact]
    public async Task A_sweep_reads_what_changed_since_and_no_more()
    {
        _github.Add(Payloads.PullRequest("opened", 10)).Add(Payloads.PullRequest("opened", 100, number: 13)).Add(Payloads.PullRequest("opened", 99, number: 14));
        var result = await _github.ReadAsync(_github.Probe(), Payloads.Start.AddSeconds(99).AddMilliseconds(700));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        // 14 changed in the very second: GitHub's times have no fractions.
        Assert.Equal([Key.PullRequest("acme/web", 13), Key.PullRequest("acme/web", 14)], result.Facts.Where(static f => f.Kind == Gates.PrOpened).Select(static f => f.Subject).Order());
    }

    [Fact]
    public async Task Nothing_new_costs_one_look_at_the_lines_and_one_conditional_request()
    {
        _github.Add(Payloads.PullRequest("opened", 10));
        var probe = _github.Probe();
        await _github.ReadAsync(probe, Payloads.Start);
        _github.Requests.Clear();
        var result = await _github.ReadAsync(probe, Payloads.Start.AddSeconds(60));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Empty(result.Facts);
        Assert.Equal(2, _github.Requests.Count);
        var (request, _) = Assert.Single(_github.Requests, static r => r.Request.Method == HttpMethod.Get);
        Assert.Equal("W/\"one\"", request.Headers.GetValues("If-None-Match").Single());
    }

    [Fact]
    public async Task Not_modified_does_not_lose_a_change_whose_details_could_not_be_read()
    {
        _github.Add(Payloads.PullRequest("opened", 10));
        var probe = _github.Probe();
        _github.Intercept = static (_, body) => body.Contains("pullRequest(", StringComparison.Ordinal) ? FakeGitHub.Status(500) : null;
        Assert.Equal(ProbeOutcome.Unreachable, (await _github.ReadAsync(probe, Payloads.Start)).Outcome);
        _github.Intercept = null;
        // The same list, not modified: what it names still has to be read, and also when the engine could not store what was read.
        for (int i = 0; i < 2; i++)
        {
            var result = await _github.ReadAsync(probe, Payloads.Start);
            Assert.Contains(result.Facts, static f => f.Subject == Key.PullRequest("acme/web", 12));
        }
        Assert.Contains(_github.Requests, static r => r.Request.Headers.Contains("If-None-Match"));
    }

    [Fact]
    public async Task A_sweep_that_looks_further_back_than_the_last_asks_without_condition()
    {
        _github.Add(Payloads.PullRequest("opened", 10));
        var probe = _github.Probe();
        await _github.ReadAsync(probe, Payloads.Start.AddSeconds(60));
        _github.Requests.Clear();
        var result = await _github.ReadAsync(probe, Payloads.Start);
        Assert.DoesNotContain(_github.Requests, static r => r.Request.Headers.Contains("If-None-Match"));
        Assert.Contains(result.Facts, static f => f.Subject == Key.PullRequest("acme/web", 12));
    }

    [Fact]
    public async Task Pages_are_followed_only_as_GitHub_names_them_and_only_to_its_own_host()
    {
        string List(int page) => string.Join(',', Enumerable.Range(1, 100).Select(i => $$"""{"number":{{(page * 100) + i}},"updated_at":"{{Payloads.At(5000 - (page * 100) - i)}}"}"""));
        _github.Intercept = (request, _) => request.Method != HttpMethod.Get ? null : request.RequestUri!.AbsolutePath switch
        {
            "/repos/acme/web/pulls" => FakeGitHub.Status(200, $"[{List(0)}]", ("Link", "<https://api.github.com/repositories/1000/pulls?page=2>; rel=\"next\", <https://api.github.com/repositories/1000/pulls?page=9>; rel=\"last\"")),
            "/repositories/1000/pulls" => FakeGitHub.Status(200, $"[{List(1)}]", ("Link", "<https://evil.example/pulls?page=3>; rel=\"next\"")),
            _ => null,
        };
        await _github.ReadAsync(_github.Probe(), Payloads.Start);
        Assert.Equal(["/repos/acme/web/pulls", "/repositories/1000/pulls"], _github.Lists.Select(static u => u.AbsolutePath));
        Assert.All(_github.Lists, static u => Assert.Equal("api.github.com", u.Host));
        Assert.Equal(2, _github.Queries.Count(static q => q.Contains("pullRequest(", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_flood_of_changes_is_bounded_and_said_and_what_was_read_is_kept()
    {
        _github.Intercept = (request, _) => request.Method != HttpMethod.Get ? null : FakeGitHub.Status(200, $$"""[{"number":12,"updated_at":"{{Payloads.At(9)}}"}]""", ("Link", "<https://api.github.com/more>; rel=\"next\""));
        _github.Add(Payloads.PullRequest("opened", 9));
        var result = await _github.ReadAsync(_github.Probe(static o => o.MaxSweepPages = 3), Payloads.Start);
        Assert.Equal(3, _github.Lists.Count());
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.NotEmpty(result.Facts);
        Assert.Contains(result.Diagnostics, static d => d.Contains("GitHub:MaxSweepPages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_misspelt_repository_is_named_and_the_others_are_read()
    {
        _github.Add(Payloads.PullRequest("opened", 10));
        var result = await _github.ReadAsync(_github.Probe(static o => o.Repositories.Add("acme/wbe")), Payloads.Start, Key.PullRequest("acme/wbe", 1));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("acme/wbe", result.Detail);
        Assert.Contains("GitHub:Repositories", result.Detail);
        Assert.Contains(result.Facts, static f => f.Subject == Key.PullRequest("acme/web", 12));
    }
}
