using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.GitLab.Tests;

public sealed class ProbeTests : IAsyncLifetime
{
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync() => _gitlab = await FakeGitLab.StartAsync();

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    [Fact]
    public async Task A_sweep_finds_what_changed_and_what_came_of_it()
    {
        _gitlab.Open(4, 10);
        _gitlab.Approve(4);
        _gitlab.Commit(20, "Merge", 1);
        _gitlab.Merge(4, 20);
        _gitlab.Pipeline(31, 20, "success");
        _gitlab.Deploy(15, 20, "success");
        var result = await SweepAsync();
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        foreach (string gate in new[] { Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut })
            Assert.Equal(GateStatus.Passed, Assert.Single(result.Facts, f => f.Kind == gate).Status);
        Assert.Equal(FakeGitLab.Sha(20), Assert.Single(result.Facts, static f => f.Kind == FactKinds.Head).Revision);
        Assert.Equal([FakeGitLab.Sha(20), FakeGitLab.Sha(1)], result.History.Select(static c => c.Sha));
        Assert.Equal(_gitlab.Requests.Count, result.Calls);
        Assert.All(_gitlab.Tokens, static t => Assert.Equal(FakeGitLab.Token, t));
    }

    [Fact]
    public async Task A_merge_request_is_read_by_its_key_in_a_nested_project()
    {
        _gitlab.Open(4, 10);
        var result = await ProbeAsync(_gitlab.Adapter(), Key.PullRequest(FakeGitLab.Project, 4), Key.PullRequest(FakeGitLab.Project, 5), Key.PullRequest("other/project", 1));
        Assert.Equal(GateStatus.Passed, Assert.Single(result.Facts, static f => f.Kind == Gates.PrOpened).Status);
        Assert.Contains(result.Diagnostics, static d => d.Contains("!5: GitLab does not show it (yet)", StringComparison.Ordinal));
        Assert.Contains(result.Diagnostics, static d => d.Contains("is not in GitLab:Projects", StringComparison.Ordinal));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
    }

    [Theory]
    [InlineData(20, 21, 20)]
    [InlineData(null, 21, 21)]
    [InlineData(null, null, 10)]
    public async Task It_landed_as_merge_commit_else_as_squash_else_as_its_last_commit(int? merge, int? squash, int landing)
    {
        _gitlab.Open(4, 10);
        _gitlab.Merge(4, 20);
        _gitlab.MergeRequests[4]["merge_commit_sha"] = merge is { } m ? FakeGitLab.Sha(m) : null;
        _gitlab.MergeRequests[4]["squash_commit_sha"] = squash is { } s ? FakeGitLab.Sha(s) : null;
        var result = await ProbeAsync(_gitlab.Adapter(), Key.PullRequest(FakeGitLab.Project, 4));
        Assert.Equal(FakeGitLab.Sha(landing), Assert.Single(result.Facts, static f => f.Kind == FactKinds.Landing).Revision);
    }

    [Fact]
    public async Task An_approval_in_the_second_of_the_look_before_it_counts()
    {
        _gitlab.Open(4, 10);
        var before = await ReviewedAsync();
        var told = Given.Translate(_gitlab.Approve(4)).Only(Gates.Reviewed);
        _gitlab.MergeRequests[4]["updated_at"] = _gitlab.MergeRequests[4]["updated_at"]!.ToString().Replace(".123Z", ".456Z", StringComparison.Ordinal);
        var after = await ReviewedAsync();
        Assert.Equal((GateStatus.Waiting, GateStatus.Passed), (before.Status, after.Status));
        Assert.Equal(after, FactJoin.Join(FactJoin.Join(before, told), after));
        Assert.Equal(told.OccurredAt, after.OccurredAt);

        async Task<Fact> ReviewedAsync() => Assert.Single((await ProbeAsync(_gitlab.Adapter(), Key.PullRequest(FakeGitLab.Project, 4))).Facts, static f => f.Kind == Gates.Reviewed);
    }

    [Fact]
    public async Task Approvals_are_the_whole_of_what_stands_now()
    {
        _gitlab.ApprovalsRequired = 2;
        _gitlab.Open(4, 10);
        Assert.Equal((GateStatus.Waiting, Reason.None), await ReviewedAsync());
        _gitlab.Approve(4, 8);
        Assert.Equal((GateStatus.Running, Reason.Partial), await ReviewedAsync());
        _gitlab.Approve(4, 9);
        Assert.Equal((GateStatus.Passed, Reason.None), await ReviewedAsync());
        _gitlab.Unapprove(4, 9);
        Assert.Equal((GateStatus.Running, Reason.Partial), await ReviewedAsync());
        _gitlab.Reviewers[4] = [new JsonObject { ["user"] = new JsonObject { ["id"] = 9 }, ["state"] = "requested_changes" }];
        _gitlab.MergeRequests[4]["reviewers"] = new JsonArray(new JsonObject { ["id"] = 9 });
        Assert.Equal((GateStatus.Failed, Reason.None), await ReviewedAsync());

        async Task<(GateStatus, Reason)> ReviewedAsync()
        {
            _gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
            var fact = Assert.Single((await ProbeAsync(_gitlab.Adapter(), Key.PullRequest(FakeGitLab.Project, 4))).Facts, static f => f.Kind == Gates.Reviewed);
            return (fact.Status, fact.Reason);
        }
    }

    [Fact]
    public async Task A_sweep_reads_all_pages_and_says_where_its_limit_cut_it_off()
    {
        for (int i = 1; i <= 230; i++) _gitlab.Open(i, 1000 + i, "");
        Assert.Equal(230, (await SweepAsync()).Facts.Count(static f => f.Kind == Gates.PrOpened));
        var cut = await SweepAsync(_gitlab.Adapter(static o => o.MaxSweepPages = 2));
        Assert.Equal(200, cut.Facts.Count(static f => f.Kind == Gates.PrOpened));
        Assert.Contains(cut.Diagnostics, static d => d.Contains("GitLab:MaxSweepPages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Out_of_calls_it_stops_and_says_how_far_it_got()
    {
        for (int i = 1; i <= 5; i++)
        {
            _gitlab.Open(i, 1000 + i, "");
            _gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        var adapter = _gitlab.Adapter();
        // Project, branch, its history, list of changes, pipelines, deployments; then one for each merge request's approvals.
        var result = await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "gitlab", SweepSince = Given.Start.AddDays(-1), At = _gitlab.Clock.GetUtcNow(), Allowance = 8 }, CancellationToken.None);
        Assert.Equal((ProbeOutcome.RateLimited, null, 8), (result.Outcome, result.RetryAt, result.Calls));
        Assert.Equal(Given.Start.AddMinutes(2), result.SweptUntil);
        Assert.Equal(8, _gitlab.Requests.Count);
    }

    [Fact]
    public async Task Limits_are_respected_before_and_after_they_are_met()
    {
        _gitlab.Open(4, 10);
        var adapter = _gitlab.Adapter();
        var reset = _gitlab.Clock.GetUtcNow().AddMinutes(3);
        _gitlab.Instead = c =>
        {
            c.Response.Headers["RateLimit-Remaining"] = "20";
            c.Response.Headers["RateLimit-Reset"] = reset.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            return Task.FromResult(false);
        };
        var held = await ProbeAsync(adapter, Key.PullRequest(FakeGitLab.Project, 4));
        Assert.Equal((ProbeOutcome.RateLimited, (DateTimeOffset?)reset, 1, 20), (held.Outcome, held.RetryAt, held.Calls, held.RemainingRequests));
        _gitlab.Instead = static c =>
        {
            c.Response.StatusCode = 429;
            c.Response.Headers.RetryAfter = "90";
            return Task.FromResult(true);
        };
        var refused = await ProbeAsync(_gitlab.Adapter(), Key.PullRequest(FakeGitLab.Project, 4));
        Assert.Equal((ProbeOutcome.RateLimited, (DateTimeOffset?)_gitlab.Clock.GetUtcNow().AddSeconds(90)), (refused.Outcome, refused.RetryAt));
    }

    [Fact]
    public async Task A_line_is_read_along_first_parents_and_a_gap_from_its_commit()
    {
        for (int i = 2; i <= 150; i++) _gitlab.Commit(i, i == 120 ? $"Revert\n\nThis reverts commit {FakeGitLab.Sha(50)}." : $"Change {i}", i - 1);
        _gitlab.Branches["main"] = FakeGitLab.Sha(150);
        var adapter = _gitlab.Adapter();
        var page = await GapAsync(adapter, null);
        Assert.Equal(100, page.History.Length);
        Assert.Equal(FakeGitLab.Sha(150), Assert.Single(page.Facts, static f => f.Kind == FactKinds.Head).Revision);
        Assert.Equal("main", Assert.Single(page.Facts, static f => f.Kind == FactKinds.Revert).Attribute(FactAttributes.Branch));
        var rest = await GapAsync(adapter, FakeGitLab.Sha(50));
        Assert.Equal([50, 1], [rest.History.Length, rest.History[^1].Parents.IsEmpty ? 1 : 0]);
        Assert.Contains((await GapAsync(adapter, FakeGitLab.Sha(999))).Diagnostics, static d => d.Contains("does not show", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_that_does_not_move_is_said_with_one_and_the_same_fact()
    {
        var adapter = _gitlab.Adapter();
        var first = Assert.Single((await SweepAsync(adapter)).Facts, static f => f.Kind == FactKinds.Head);
        _gitlab.Clock.Advance(TimeSpan.FromSeconds(1));
        await SweepAsync(adapter);
        _gitlab.Commit(2, "Second", 1);
        _gitlab.Branches["main"] = FakeGitLab.Sha(2);
        _gitlab.Clock.Advance(TimeSpan.FromSeconds(1));
        var moved = await SweepAsync(adapter);
        var head = Assert.Single(moved.Facts, static f => f.Kind == FactKinds.Head);
        Assert.True(first.Ordinal < head.Ordinal);
        Assert.Equal([FakeGitLab.Sha(2), FakeGitLab.Sha(1)], moved.History.Select(static c => c.Sha));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(302)]
    [InlineData(200)]
    public async Task A_failure_is_blindness_with_a_reason_and_never_a_fact_or_a_secret(int status)
    {
        _gitlab.Open(4, 10);
        _gitlab.Instead = async c =>
        {
            c.Response.StatusCode = status;
            c.Response.Headers.Location = "http://127.0.0.1:9/stolen";
            await c.Response.WriteAsync($"<html>{FakeGitLab.Token} {FakeGitLab.WebhookToken}</html>");
            return true;
        };
        var result = await SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Empty(result.Facts);
        Assert.NotNull(result.Detail);
        AssertNoSecret(result);
    }

    [Fact]
    public async Task Nobody_who_listens_is_blindness()
    {
        var adapter = _gitlab.Adapter(static o => o.BaseAddress = new Uri("http://127.0.0.1:9/"));
        var result = await SweepAsync(adapter);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        AssertNoSecret(result);
    }

    [Fact]
    public async Task Addresses_in_answers_are_never_followed()
    {
        _gitlab.Open(4, 10);
        _gitlab.MergeRequests[4]["web_url"] = "http://169.254.169.254/latest/meta-data";
        _gitlab.Instead = static c =>
        {
            c.Response.Headers.Link = "<http://169.254.169.254/api?page=2>; rel=\"next\"";
            return Task.FromResult(false);
        };
        Assert.Equal(ProbeOutcome.Reached, (await SweepAsync()).Outcome);
        Assert.All(_gitlab.Requests, static r => Assert.StartsWith("/git/api/v4/projects/acme%2Fplatform%2Fweb", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_may_not_be_read_is_not_taken_for_nothing()
    {
        _gitlab.Open(4, 10);
        _gitlab.Instead = static c =>
        {
            if (!c.Request.Path.Value!.EndsWith("/approvals", StringComparison.Ordinal)) return Task.FromResult(false);
            c.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        var result = await SweepAsync();
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("approvals", result.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Facts, static f => f.Kind == Gates.Reviewed);
    }

    [Fact]
    public async Task Pipelines_of_merge_requests_and_other_branches_are_not_even_read()
    {
        _gitlab.Pipeline(31, 20, "success", "refs/merge-requests/4/merge", "merge_request_event");
        _gitlab.Pipeline(32, 20, "success", "fix-4");
        _gitlab.Pipeline(33, 20, "success", "main", "schedule");
        var result = await ProbeAsync(_gitlab.Adapter(), Key.Commit(FakeGitLab.Project, FakeGitLab.Sha(20)));
        Assert.DoesNotContain(result.Facts, static f => f.Kind == Gates.MainCi);
        Assert.DoesNotContain(_gitlab.Requests, static r => r.EndsWith("/pipelines/31", StringComparison.Ordinal));
    }

    private static void AssertNoSecret(ProbeResult result)
    {
        string all = string.Join('\n', [result.Detail ?? "", .. result.Diagnostics, .. result.Facts.Select(static f => System.Text.Json.JsonSerializer.Serialize(f))]);
        Assert.DoesNotContain("canary", all, StringComparison.Ordinal);
        Assert.DoesNotContain("stolen", all, StringComparison.Ordinal);
    }

    private static async Task<ProbeResult> GapAsync(AdapterRegistration adapter, string? from) =>
        await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "gitlab", Lines = [new LineGap(FakeGitLab.Project, "main", from)], At = Given.Start }, CancellationToken.None);

    private async Task<ProbeResult> ProbeAsync(AdapterRegistration adapter, params Key[] keys) =>
        await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "gitlab", Keys = [.. keys], At = _gitlab.Clock.GetUtcNow() }, CancellationToken.None);

    private async Task<ProbeResult> SweepAsync(AdapterRegistration? adapter = null) =>
        await (adapter ?? _gitlab.Adapter()).Probe!.ProbeAsync(new ProbeBatch { Source = "gitlab", SweepSince = Given.Start.AddDays(-1), At = _gitlab.Clock.GetUtcNow() }, CancellationToken.None);
}
