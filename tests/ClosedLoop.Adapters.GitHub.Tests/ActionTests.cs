using System.Text.Json.Nodes;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>What is done to pull requests: only where it is allowed, to the head that was judged, once, and every refusal is a value.</summary>
public sealed class ActionTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(Payloads.Start);
    private readonly HttpClient _http = Probing.GitHubClient.CreateHttp();
    private readonly JsonObject _pull = new() { ["id"] = "PR_12", ["state"] = "OPEN", ["headRefOid"] = Payloads.Head };
    private readonly JsonArray _open = [];
    private readonly JsonArray _merged = [];
    private Loopback _server = null!;
    private GitHubActions _actions = null!;
    private (int Status, string Body, (string, string)[] Headers)? _mutation;

    public async Task InitializeAsync()
    {
        _server = await Loopback.StartAsync();
        _server.Answer = Answer;
        _actions = GitHubActions.Create(Options(), _http, _clock);
    }

    public async Task DisposeAsync()
    {
        _actions.Dispose();
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public void Nothing_can_be_done_unless_the_options_allow_it()
    {
        var thrown = Assert.Throws<InvalidOperationException>(() => GitHubActions.Create(Options(static o => o.AllowActions = false), _http, _clock));
        Assert.Contains("GitHub:AllowActions", thrown.Message);
        foreach (bool isAllowed in (bool[])[true, false])
        {
            var services = new ServiceCollection();
            services.AddLogging().AddSingleton<TimeProvider>(_clock).AddClosedLoop(loop => loop.AddGitHub(o =>
            {
                o.Repositories.Add("acme/web");
                (o.WebhookSecret, o.Token, o.AllowActions) = (Hook.Secret, "ghp_secret_token", isAllowed);
            }));
            using var provider = services.BuildServiceProvider();
            Assert.Equal(isAllowed, provider.GetService<GitHubActions>() is not null);
        }
    }

    [Fact]
    public async Task Each_action_does_what_it_says_to_the_head_that_was_judged()
    {
        Mutation("""{"data":{"enablePullRequestAutoMerge":{"pullRequest":{"autoMergeRequest":{"enabledAt":"2026-03-02T09:00:00Z"}}}}}""");
        Assert.Equal(GitHubActionOutcome.Done, (await _actions.EnableAutoMergeAsync("acme/web", 12, Payloads.Head.ToUpperInvariant(), GitHubMergeMethod.Squash)).Outcome);
        Assert.Equal(("PR_12", Payloads.Head, "SQUASH"), Variables("id", "head", "method"));

        Mutation("""{"data":{"enqueuePullRequest":{"mergeQueueEntry":{"position":3}}}}""");
        var queued = await _actions.EnqueueAsync("acme/web", 12, Payloads.Head);
        Assert.Equal((GitHubActionOutcome.Done, 3), (queued.Outcome, queued.QueuePosition));
        Assert.Equal(("PR_12", Payloads.Head, null), Variables("id", "head", "method"));

        Mutation($$"""{"sha":"{{Payloads.Landing}}","merged":true,"message":"Pull Request successfully merged"}""");
        var merged = await _actions.MergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Rebase);
        Assert.Equal((GitHubActionOutcome.Done, Payloads.Landing), (merged.Outcome, merged.MergeCommit));
        var put = _server.Requests.Last();
        Assert.Equal(("PUT", "/repos/acme/web/pulls/12/merge"), (put.Method, put.Path));
        Assert.Equal((Payloads.Head, "rebase"), ((string?)JsonNode.Parse(put.Body)!["sha"], (string?)JsonNode.Parse(put.Body)!["merge_method"]));

        _pull["state"] = "MERGED";
        Mutation("""{"data":{"revertPullRequest":{"revertPullRequest":{"number":14}}}}""");
        var reverted = await _actions.RevertAsync("acme/web", 12, "Take it back", "It broke the login.");
        Assert.Equal((GitHubActionOutcome.Done, 14), (reverted.Outcome, reverted.RevertNumber));
        Assert.Equal(("PR_12", "Take it back", "Reverts acme/web#12\n\nIt broke the login."), Variables("id", "title", "body"));
    }

    [Fact]
    public async Task What_is_done_already_is_not_done_again()
    {
        _pull["autoMergeRequest"] = new JsonObject { ["enabledAt"] = Payloads.At(1) };
        Assert.Equal(GitHubActionOutcome.AlreadyDone, (await _actions.EnableAutoMergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge)).Outcome);
        _pull["mergeQueueEntry"] = new JsonObject { ["position"] = 2 };
        Assert.Equal(2, (await _actions.EnqueueAsync("acme/web", 12, Payloads.Head)).QueuePosition);
        _pull["state"] = "MERGED";
        _pull["mergeCommit"] = new JsonObject { ["oid"] = Payloads.Landing };
        var merged = await _actions.MergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge);
        Assert.Equal((GitHubActionOutcome.AlreadyDone, Payloads.Landing, true), (merged.Outcome, merged.MergeCommit, merged.IsDone));
        Changes(0);
    }

    [Theory]
    [InlineData(true, "revert-12-fix-login", null, false, true)]
    [InlineData(false, "revert-12-fix-login", null, false, true)]
    [InlineData(true, "back-it-goes", "Reverts acme/web#12", false, true)]
    [InlineData(true, "back-it-goes", "Reverts #12", false, true)]
    [InlineData(true, "revert-12-fix-login", "Reverts #12", true, false)]
    [InlineData(true, "revert-120-other", "Reverts #120", false, false)]
    [InlineData(true, "back-it-goes", "This is not what #12 reverts.", false, false)]
    public async Task A_revert_that_exists_is_found_and_no_second_one_is_made(bool isOpen, string branch, string? body, bool isFork, bool isFound)
    {
        _pull["state"] = "MERGED";
        (isOpen ? _open : _merged).Add(new JsonObject { ["number"] = 13, ["headRefName"] = branch, ["isCrossRepository"] = isFork, ["body"] = body ?? "" });
        Mutation("""{"data":{"revertPullRequest":{"revertPullRequest":{"number":14}}}}""");
        var result = await _actions.RevertAsync("acme/web", 12);
        Assert.Equal((isFound ? GitHubActionOutcome.AlreadyDone : GitHubActionOutcome.Done, isFound ? 13 : 14), (result.Outcome, result.RevertNumber));
        Changes(isFound ? 0 : 1);
    }

    [Fact]
    public async Task Of_many_who_ask_for_a_revert_at_once_one_makes_it()
    {
        _pull["state"] = "MERGED";
        var plain = _server.Answer;
        _server.Answer = request =>
        {
            if (!request.Body.Contains("ClosedLoopRevert(", StringComparison.Ordinal)) return plain(request);
            lock (_open) _open.Add(new JsonObject { ["number"] = 14, ["headRefName"] = "revert-12-fix-login", ["isCrossRepository"] = false });
            return (200, """{"data":{"revertPullRequest":{"revertPullRequest":{"number":14}}}}""", []);
        };
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _actions.RevertAsync("acme/web", 12)));
        Assert.All(results, static r => Assert.Equal(14, r.RevertNumber));
        Assert.Single(results, static r => r.Outcome == GitHubActionOutcome.Done);
        Changes(1);
    }

    [Fact]
    public async Task Another_head_a_closed_one_and_an_unmerged_one_are_left_alone()
    {
        _pull["headRefOid"] = Payloads.TestMerge;
        Assert.Equal(GitHubActionOutcome.HeadMoved, (await _actions.MergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge)).Outcome);
        _pull["state"] = "CLOSED";
        Assert.Equal(GitHubActionOutcome.NotMergeable, (await _actions.EnqueueAsync("acme/web", 12, Payloads.Head)).Outcome);
        Assert.Equal(GitHubActionOutcome.NotMerged, (await _actions.RevertAsync("acme/web", 12)).Outcome);
        Assert.Equal(GitHubActionOutcome.Forbidden, (await _actions.MergeAsync("acme/other", 12, Payloads.Head, GitHubMergeMethod.Merge)).Outcome);
        Changes(0);
        foreach (var (repository, number, head) in ((string, long, string)[])[("acme", 12, Payloads.Head), ("acme/web", 0, Payloads.Head), ("acme/web", 12, "main"), ("acme/web\"){", 12, Payloads.Head)])
            await Assert.ThrowsAnyAsync<ArgumentException>(() => _actions.MergeAsync(repository, number, head, GitHubMergeMethod.Merge));
    }

    [Theory]
    [InlineData("UNPROCESSABLE", "Pull request Auto merge is not allowed for this repository", GitHubActionOutcome.AutoMergeNotAllowed)]
    [InlineData("UNPROCESSABLE", "Pull request Pull request is in clean status", GitHubActionOutcome.NothingToWaitFor)]
    [InlineData("UNPROCESSABLE", "Pull request Pull request is in unstable status", GitHubActionOutcome.Unstable)]
    [InlineData("UNPROCESSABLE", "Something that GitHub says next year", GitHubActionOutcome.Refused)]
    [InlineData("FORBIDDEN", "Resource not accessible by personal access token", GitHubActionOutcome.Forbidden)]
    [InlineData("NOT_FOUND", "Could not resolve to a node", GitHubActionOutcome.NotFound)]
    [InlineData("RATE_LIMITED", "API rate limit exceeded", GitHubActionOutcome.RateLimited)]
    public async Task A_refusal_of_GraphQL_comes_with_status_200_and_has_a_name(string type, string message, GitHubActionOutcome expected)
    {
        Mutation(new JsonObject
        {
            ["data"] = new JsonObject { ["enablePullRequestAutoMerge"] = null },
            ["errors"] = new JsonArray(new JsonObject { ["type"] = type, ["message"] = message, ["path"] = new JsonArray("enablePullRequestAutoMerge") }),
        }.ToJsonString());
        var result = await _actions.EnableAutoMergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge);
        Assert.Equal(expected, result.Outcome);
        Assert.False(result.IsDone);
        if (expected == GitHubActionOutcome.RateLimited) Assert.Equal(_clock.GetUtcNow().AddMinutes(1), result.RetryAt);
        else Assert.Contains(message, result.Detail);
    }

    [Theory]
    [InlineData(405, "{\"message\":\"Pull Request is not mergeable\"}", GitHubActionOutcome.NotMergeable)]
    [InlineData(409, "{\"message\":\"Head branch was modified. Review and try the merge again.\"}", GitHubActionOutcome.HeadMoved)]
    [InlineData(422, "{\"message\":\"Validation Failed\"}", GitHubActionOutcome.Refused)]
    [InlineData(403, "{\"message\":\"Resource not accessible by integration\"}", GitHubActionOutcome.Forbidden)]
    [InlineData(404, "{\"message\":\"Not Found\"}", GitHubActionOutcome.NotFound)]
    [InlineData(429, "{}", GitHubActionOutcome.RateLimited)]
    [InlineData(500, "oops", GitHubActionOutcome.Unreachable)]
    [InlineData(502, "", GitHubActionOutcome.Unreachable)]
    [InlineData(401, "{}", GitHubActionOutcome.Unreachable)]
    [InlineData(200, "{}", GitHubActionOutcome.Unreachable)]
    [InlineData(200, "{\"merged\":\"true\"}", GitHubActionOutcome.Unreachable)]
    [InlineData(200, "<html>", GitHubActionOutcome.Unreachable)]
    [InlineData(202, "", GitHubActionOutcome.Unreachable)]
    public async Task A_refusal_of_REST_has_a_name_and_nothing_unclear_counts_as_merged(int status, string body, GitHubActionOutcome expected)
    {
        _mutation = (status, body, []);
        var result = await _actions.MergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge);
        Assert.Equal(expected, result.Outcome);
        Assert.False(string.IsNullOrEmpty(result.Detail));
        Assert.DoesNotContain("ghp_secret_token", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_never_sent_where_a_redirect_points()
    {
        _mutation = (307, "", [("Location", $"{_server.Address}elsewhere")]);
        Assert.Equal(GitHubActionOutcome.Unreachable, (await _actions.MergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge)).Outcome);
        Assert.DoesNotContain(_server.Requests, static r => r.Path == "/elsewhere");
    }

    [Fact]
    public async Task Garbage_throws_nothing_and_is_never_done()
    {
        var random = new Random(3);
        byte[] valid = System.Text.Encoding.UTF8.GetBytes($$"""{"data":{"enqueuePullRequest":null,"x":[{"position":3}]},"errors":[{"type":"UNPROCESSABLE","message":"no","path":["a",1]}],"sha":"{{Payloads.Landing}}","merged":false}""");
        for (int i = 0; i < 400; i++)
        {
            _mutation = (200, System.Text.Encoding.UTF8.GetString(i % 2 == 0 ? Tests.Mutation.Bytes(valid, random) : Tests.Mutation.Values(valid, random)), []);
            var merged = await _actions.MergeAsync("acme/web", 12, Payloads.Head, GitHubMergeMethod.Merge);
            // A mutation may write "merged": true; nothing else is a merge.
            if (merged.IsDone) Assert.Contains("true", _mutation.Value.Body, StringComparison.Ordinal);
            _clock.Advance(TimeSpan.FromMinutes(20));
        }
    }

    private GitHubOptions Options(Action<GitHubOptions>? change = null) => Hook.Options(o =>
    {
        (o.Token, o.BaseAddress, o.AllowActions) = ("ghp_secret_token", _server.Address, true);
        change?.Invoke(o);
    });

    private void Mutation(string body) => _mutation = (200, body, []);

    private void Changes(int expected) => Assert.Equal(expected, _server.Requests.Count(static r => r.Method == "PUT" || r.Body.Contains("mutation ", StringComparison.Ordinal)));

    private (string?, string?, string?) Variables(string one, string two, string three)
    {
        var variables = JsonNode.Parse(_server.Requests.Last().Body)!["variables"]!;
        return ((string?)variables[one], (string?)variables[two], (string?)variables[three]);
    }

    private (int, string, (string, string)[]) Answer(Loopback.Request request)
    {
        Assert.Equal("Bearer ghp_secret_token", request.Authorization);
        bool isChange = request.Method == "PUT" || request.Body.Contains("mutation ", StringComparison.Ordinal);
        if (isChange) return _mutation ?? (500, "not expected", []);
        lock (_open)
        {
            var repository = new JsonObject { ["pullRequest"] = _pull.DeepClone(), ["open"] = new JsonObject { ["nodes"] = _open.DeepClone() }, ["merged"] = new JsonObject { ["nodes"] = _merged.DeepClone() } };
            return (200, new JsonObject { ["data"] = new JsonObject { ["repository"] = repository } }.ToJsonString(), []);
        }
    }
}
