using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.Gitea.Tests;

public sealed class ProbeTests : IAsyncLifetime
{
    private FakeGitea _gitea = null!;

    public async Task InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public async Task DisposeAsync() => await _gitea.DisposeAsync();

    [Fact]
    public async Task A_sweep_finds_what_changed_and_what_came_of_it()
    {
        _gitea.Open(7, 10);
        _gitea.Review(7, "APPROVED");
        _gitea.Commit(20, "Merge pull request 'A change' (#7) from fix-7 into main", 1, 10);
        _gitea.Merge(7, 20);
        _gitea.Status(20, "CI / test (push)", "success");
        var result = await SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        foreach (string gate in new[] { Gates.PrOpened, Gates.Reviewed, Gates.Merged })
            Assert.Equal(GateStatus.Passed, Assert.Single(result.Facts, f => f.Kind == gate).Status);
        Assert.Equal([(GateStatus.Passed, false), (GateStatus.Passed, true)], result.Facts.Where(static f => f.Kind == Gates.MainCi).OrderBy(static f => f.IsPartial).Select(static f => (f.Status, f.IsPartial)));
        Assert.Equal(FakeGitea.Sha(20), Assert.Single(result.Facts, static f => f.Kind == FactKinds.Head).Revision);
        Assert.Equal([FakeGitea.Sha(20), FakeGitea.Sha(1)], result.History.Select(static c => c.Sha));
        Assert.Equal(_gitea.Requests.Count, result.Calls);
        Assert.All(_gitea.Tokens, static t => Assert.Equal($"token {FakeGitea.Token}", t));
    }

    [Theory]
    [InlineData("success success", GateStatus.Passed, Reason.None)]
    [InlineData("success skipped", GateStatus.Passed, Reason.None)]
    [InlineData("skipped skipped", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("success warning", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("success odd", GateStatus.Waiting, Reason.Inconclusive)]
    [InlineData("success pending", GateStatus.Running, Reason.None)]
    [InlineData("failure pending", GateStatus.Failed, Reason.None)]
    [InlineData("success error", GateStatus.Failed, Reason.None)]
    public async Task All_statuses_of_a_commit_together_are_the_verdict(string states, GateStatus status, Reason reason)
    {
        int i = 0;
        foreach (string state in states.Split(' ')) _gitea.Status(20, $"ci/{i++}", state);
        _gitea.Status(20, "CI / test (pull_request)", "failure");
        var result = await ProbeAsync(_gitea.Adapter(), Key.Commit(FakeGitea.Repository, FakeGitea.Sha(20)));
        var sum = Assert.Single(result.Facts, static f => f.Kind == Gates.MainCi && !f.IsPartial);
        Assert.Equal((status, reason), (sum.Status, sum.Reason));
    }

    [Fact]
    public async Task A_commit_that_has_no_status_is_no_gap_in_what_is_known()
    {
        // Most versions say just that, where newer ones have an empty sum.
        _gitea.Instead = async c =>
        {
            if (!c.Request.Path.Value!.EndsWith("/status", StringComparison.Ordinal)) return false;
            await c.Response.WriteAsync("null");
            return true;
        };
        var result = await ProbeAsync(_gitea.Adapter(), Key.Commit(FakeGitea.Repository, FakeGitea.Sha(20)));
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        Assert.Empty(result.Facts);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task Statuses_that_are_not_all_read_never_pass()
    {
        for (int i = 0; i < 520; i++) _gitea.Status(20, $"ci/{i}", "success");
        var result = await ProbeAsync(_gitea.Adapter(), Key.Commit(FakeGitea.Repository, FakeGitea.Sha(20)));
        Assert.Equal(GateStatus.Waiting, Assert.Single(result.Facts, static f => f.Kind == Gates.MainCi && !f.IsPartial).Status);
        for (int i = 0; i < 120; i++) _gitea.Status(21, $"ci/{i}", "success");
        result = await ProbeAsync(_gitea.Adapter(), Key.Commit(FakeGitea.Repository, FakeGitea.Sha(21)));
        Assert.Equal(GateStatus.Passed, Assert.Single(result.Facts, static f => f.Kind == Gates.MainCi && !f.IsPartial).Status);
    }

    [Fact]
    public async Task Reviews_are_one_fact_a_person_and_a_dismissal_takes_one_back()
    {
        _gitea.Open(7, 10);
        _gitea.Review(7, "APPROVED");
        _gitea.Review(7, "APPROVED", "ann");
        _gitea.Review(7, "COMMENT", "eve");
        _gitea.Review(7, "REQUEST_CHANGES", "joe");
        var before = (await ReadAsync()).ToDictionary(static f => f.Name!);
        Assert.Equal([("bob", GateStatus.Passed), ("joe", GateStatus.Failed)], before.Values.Select(static f => (f.Name!, f.Status)).Order());
        _gitea.Clock.Advance(TimeSpan.FromMinutes(1));
        (_gitea.Reviews[7][0]["dismissed"], _gitea.Reviews[7][0]["updated_at"]) = (true, "2026-01-05T10:01:00+01:00");
        var dismissed = (await ReadAsync()).Single(static f => f.Name == "bob");
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive), (dismissed.Status, dismissed.Reason));
        Assert.Equal(dismissed, FactJoin.Join(before["bob"], dismissed));

        async Task<List<Fact>> ReadAsync() => [.. (await ProbeAsync(_gitea.Adapter(), Key.PullRequest(FakeGitea.Repository, 7))).Facts.Where(static f => f.Kind == Gates.Reviewed)];
    }

    [Fact]
    public async Task A_sweep_reads_pages_until_it_meets_what_it_knows()
    {
        for (int i = 1; i <= 130; i++)
        {
            _gitea.Open(i, 1000 + i, "");
            _gitea.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(130, (await SweepAsync()).Facts.Count(static f => f.Kind == Gates.PrOpened));
        _gitea.Requests.Clear();
        Assert.Equal(31, (await SweepAsync(since: Given.Start.AddMinutes(99))).Facts.Count(static f => f.Kind == Gates.PrOpened));
        Assert.Single(_gitea.Requests, static r => r.Contains("/pulls?", StringComparison.Ordinal));
        Assert.Contains((await SweepAsync(_gitea.Adapter(static o => o.MaxSweepPages = 1))).Diagnostics, static d => d.Contains("Gitea:MaxSweepPages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Out_of_calls_it_stops_and_says_how_far_it_got()
    {
        for (int i = 1; i <= 5; i++)
        {
            _gitea.Open(i, 1000 + i, "");
            _gitea.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        // Repository, branch, history, list, statuses of the head; then the reviews of each.
        var result = await _gitea.Adapter().Probe!.ProbeAsync(new ProbeBatch { Source = "gitea", SweepSince = Given.Start.AddDays(-1), At = _gitea.Clock.GetUtcNow(), Allowance = 7 }, CancellationToken.None);
        Assert.Equal((ProbeOutcome.RateLimited, null, 7, Given.Start.AddMinutes(2)), (result.Outcome, result.RetryAt, result.Calls, result.SweptUntil));
    }

    [Fact]
    public async Task A_line_is_its_first_parents_alone_though_the_list_holds_what_was_merged_too()
    {
        for (int i = 2; i <= 60; i++)
        {
            _gitea.Commit(1000 + i, $"On a branch {i}", i - 1);
            _gitea.Commit(i, i == 50 ? $"Revert\n\nThis reverts commit {FakeGitea.Sha(40)}." : $"Merge {i}", i - 1, 1000 + i);
        }
        _gitea.Branches["main"] = FakeGitea.Sha(60);
        var result = await _gitea.Adapter().Probe!.ProbeAsync(new ProbeBatch { Source = "gitea", Lines = [new LineGap(FakeGitea.Repository, "main", null)], At = Given.Start }, CancellationToken.None);
        Assert.Equal(50, result.History.Length);
        Assert.All(result.History, static c => Assert.DoesNotContain(c.Sha, Enumerable.Range(1000, 100).Select(FakeGitea.Sha)));
        Assert.Equal("main", Assert.Single(result.Facts, static f => f.Kind == FactKinds.Revert).Attribute(FactAttributes.Branch));
        Assert.Equal(FakeGitea.Sha(60), Assert.Single(result.Facts, static f => f.Kind == FactKinds.Head).Revision);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(302)]
    [InlineData(200)]
    public async Task A_failure_is_blindness_with_a_reason_and_never_a_fact_or_a_secret(int status)
    {
        _gitea.Open(7, 10);
        _gitea.Instead = async c =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.Location = "http://127.0.0.1:9/stolen";
            await c.Response.WriteAsync($"<html>{FakeGitea.Token} {FakeGitea.Secret}</html>");
            return true;
        };
        var result = await SweepAsync();
        Assert.Equal((ProbeOutcome.Unreachable, 0), (result.Outcome, result.Facts.Length));
        string all = string.Join('\n', [result.Detail ?? "", .. result.Diagnostics]);
        Assert.NotEmpty(all);
        Assert.DoesNotContain("canary", all, StringComparison.Ordinal);
        Assert.DoesNotContain("stolen", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_in_answers_are_never_followed_and_the_token_is_in_no_fact()
    {
        for (int i = 1; i <= 60; i++) _gitea.Open(i, 1000 + i, "");
        var result = await SweepAsync();
        Assert.Equal(60, result.Facts.Count(static f => f.Kind == Gates.PrOpened));
        Assert.All(_gitea.Requests, static r => Assert.StartsWith("/git/api/v1/repos/acme/web", r, StringComparison.Ordinal));
        Assert.All(result.Facts, static f => Assert.DoesNotContain("canary", JsonSerializer.Serialize(f), StringComparison.Ordinal));
    }

    private async Task<ProbeResult> ProbeAsync(AdapterRegistration adapter, params Key[] keys) =>
        await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "gitea", Keys = [.. keys], At = _gitea.Clock.GetUtcNow() }, CancellationToken.None);

    private async Task<ProbeResult> SweepAsync(AdapterRegistration? adapter = null, DateTimeOffset? since = null) =>
        await (adapter ?? _gitea.Adapter()).Probe!.ProbeAsync(new ProbeBatch { Source = "gitea", SweepSince = since ?? Given.Start.AddDays(-1), At = _gitea.Clock.GetUtcNow() }, CancellationToken.None);
}
