using System.Net;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Reading where lines stand and their history.</summary>
public sealed class LineProbeTests : IDisposable
{
    private static readonly LineGap Main = new("acme/web", "main", null);
    private readonly FakeGitHub _github = new();

    public void Dispose() => _github.Dispose();

    [Fact]
    public void The_registration_says_that_lines_are_read_only_with_a_token()
    {
        Assert.True(GitHubAdapter.Create(Hook.Options(static o => o.Token = "ghp_secret_token"), null, _github.Clock).ReadsLines);
        Assert.False(GitHubAdapter.Create(Hook.Options(), null, _github.Clock).ReadsLines);
    }

    [Fact]
    public async Task A_gap_at_the_head_is_filled_from_the_branch_on()
    {
        _github.Lines.Chain(3);
        var result = await _github.ReadAsync(_github.Probe(), Main);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([(3, "2"), (2, "1"), (1, "")], result.History.Select(static n => (Number(n.Sha), string.Join(' ', n.Parents.Select(Number)))));
        Assert.All(result.History, static n => Assert.Equal("acme/web", n.Repository));
        Assert.Equal(Payloads.Start.AddSeconds(3), result.History[0].CommittedAt);
        var head = Assert.Single(result.Facts);
        Assert.Equal((Key.Branch("acme/web", "main"), FactKinds.Head, FakeLines.Sha(3)), (head.Subject, head.Kind, head.Revision));
        Assert.Equal(_github.Clock.GetUtcNow().ToUnixTimeMilliseconds(), head.Ordinal.Major);
        Assert.Single(_github.Requests);
    }

    [Fact]
    public async Task A_gap_further_down_is_filled_from_its_commit_on_and_the_head_comes_with_it()
    {
        _github.Lines.Chain(250);
        var probe = _github.Probe();
        await _github.ReadAsync(probe, Main);
        _github.Requests.Clear();
        var result = await _github.ReadAsync(probe, new LineGap("ACME/Web", "main", FakeLines.Sha(150).ToUpperInvariant()));
        Assert.Equal(Enumerable.Range(51, 100).Reverse(), result.History.Select(static n => Number(n.Sha)));
        Assert.Equal(FakeLines.Sha(250), Assert.Single(result.Facts).Revision);
        Assert.Single(_github.Requests);
    }

    [Fact]
    public async Task A_commit_that_runs_somewhere_and_is_on_no_known_line_is_read_by_itself()
    {
        _github.Lines.Chain(5);
        _github.Lines.Commit(2, $"Fix login\n\n(cherry picked from commit {new string('7', 40)})", 1);
        var probe = _github.Probe();
        var result = await _github.ReadAsync(probe, new LineGap("acme/web", "", FakeLines.Sha(3)));
        Assert.Equal([3, 2, 1], result.History.Select(static n => Number(n.Sha)));
        Assert.Empty(result.Diagnostics);
        var alone = Assert.Single(result.Facts);
        Assert.Null(alone.Attribute(FactAttributes.Branch));
        // Once its line is known, that is where it landed.
        var onMain = Assert.Single((await _github.ReadAsync(probe, Main)).Facts, static f => f.Kind == FactKinds.Equivalent);
        Assert.Equal("main", FactJoin.Join(alone, onMain).Attribute(FactAttributes.Branch));
        Assert.Equal("main", FactJoin.Join(onMain, alone).Attribute(FactAttributes.Branch));
    }

    [Fact]
    public async Task A_merged_branch_is_not_the_line_though_GitHub_lists_its_commits_between()
    {
        // 1 - 2 - 5(merge of 3, 4) - 6
        _github.Lines.Commit(1, "First");
        _github.Lines.Commit(2, "Second", 1);
        _github.Lines.Commit(3, $"On the branch\n\nThis reverts commit {FakeLines.Sha(1)}.", 1);
        _github.Lines.Commit(4, "On the branch", 3);
        _github.Lines.Commit(5, "Merge", 2, 4);
        _github.Lines.Branches["main"] = _github.Lines.Commit(6, "Sixth", 5);
        var result = await _github.ReadAsync(_github.Probe(), Main);
        Assert.Equal([(6, "5"), (5, "2 4"), (2, "1"), (1, "")], result.History.Select(static n => (Number(n.Sha), string.Join(' ', n.Parents.Select(Number)))));
        Assert.DoesNotContain(result.Facts, static f => f.Kind == FactKinds.Revert);
    }

    [Fact]
    public async Task A_page_full_of_a_merged_branch_gives_what_it_has_and_the_next_gap_gives_the_rest()
    {
        _github.Lines.Commit(1, "First");
        for (int i = 2; i <= 200; i++) _github.Lines.Commit(i, "On the branch", i - 1);
        _github.Lines.Branches["main"] = _github.Lines.Commit(201, "Merge", 1, 200);
        var probe = _github.Probe();
        var result = await _github.ReadAsync(probe, Main);
        Assert.Equal([201], result.History.Select(static n => Number(n.Sha)));
        result = await _github.ReadAsync(probe, new LineGap("acme/web", "main", result.History[0].Parents[0]));
        Assert.Equal([1], result.History.Select(static n => Number(n.Sha)));
    }

    [Fact]
    public async Task What_commits_say_of_others_is_the_same_fact_by_webhook_and_by_look()
    {
        string revert = $"Revert \"First\"\n\nThis reverts commit {FakeLines.Sha(1)}.", pick = $"Fix login\n\n(cherry picked from commit {new string('7', 40)})";
        _github.Lines.Chain(3);
        _github.Lines.Commit(2, revert, 1);
        _github.Lines.Commit(3, pick, 2);
        var push = Payloads.Push(FakeLines.Sha(3), 4, commits: [(revert, true), (pick, true)]);
        for (int i = 0; i < 2; i++) (push["commits"]![i]!["id"], push["commits"]![i]!["timestamp"]) = (FakeLines.Sha(i + 2), Payloads.At(i + 2));
        var heard = Hook.Translate("push", push).Facts.Where(static f => f.Subject.Is(KeySchemes.Commit)).OrderBy(static f => f.Register).ToArray();
        var read = (await _github.ReadAsync(_github.Probe(), Main)).Facts.Where(static f => f.Subject.Is(KeySchemes.Commit)).OrderBy(static f => f.Register).ToArray();
        Assert.Equal([FactKinds.Revert, FactKinds.Equivalent], heard.Select(static f => f.Kind));
        Assert.Equal(heard, read);
    }

    [Fact]
    public async Task A_sweep_reads_every_line_of_every_repository_and_the_history_of_those_that_moved()
    {
        _github.Lines.Chain(3);
        _github.Lines.Branches["release/1"] = FakeLines.Sha(2);
        _github.Lines.Branches["fix-login"] = FakeLines.Sha(1);
        static void Targets(GitHubOptions o)
        {
            o.TargetBranches.Add("release/1");
            o.TargetBranches.Add("staging");
        }
        var probe = _github.Probe(Targets);
        var result = await _github.ReadAsync(probe, Payloads.Start, Key.PullRequest("acme/web", 12));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([("main", 3), ("release/1", 2)], Heads(result).Order());
        Assert.Equal([1, 1, 2, 2, 3], result.History.Select(static n => Number(n.Sha)).Order());
        // One query for the pull request and the lines, one for the history of both lines.
        Assert.Equal(2, _github.Queries.Count());

        _github.Requests.Clear();
        result = await _github.ReadAsync(probe, Payloads.Start, Key.PullRequest("acme/web", 12));
        Assert.Single(_github.Queries);
        Assert.Empty(result.History);
        Assert.Equal(2, Heads(result).Count());
    }

    [Fact]
    public async Task A_lost_push_is_found_by_the_next_sweep()
    {
        _github.Lines.Chain(3);
        var probe = _github.Probe();
        var before = await _github.ReadAsync(probe, Payloads.Start);
        _github.Lines.Branches["main"] = _github.Lines.Commit(4, "Fourth", 3);
        _github.Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await _github.ReadAsync(probe, Payloads.Start);
        Assert.Equal(FakeLines.Sha(4), Joined(before, after).Revision);
        Assert.Contains(after.History, static n => Number(n.Sha) == 4);
    }

    [Fact]
    public async Task A_force_push_back_to_an_older_commit_that_was_lost_is_found_too()
    {
        _github.Lines.Chain(3);
        var probe = _github.Probe();
        var first = await _github.ReadAsync(probe, Payloads.Start);
        var pushed = Hook.Translate("push", Payloads.Push(new string('e', 40), 3600 + 10)).Only(FactKinds.Head);
        // Pushed and pushed back between two looks; of the second push nothing was heard.
        _github.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await _github.ReadAsync(probe, Payloads.Start);
        Assert.Equal(FakeLines.Sha(3), FactJoin.Join(FactJoin.Join(Head(first), pushed), Head(second)).Revision);
    }

    [Fact]
    public async Task A_line_on_which_nothing_happens_is_said_again_with_the_same_fact_and_rarely_with_a_new_time()
    {
        _github.Lines.Chain(3);
        var probe = _github.Probe();
        var said = new HashSet<Ordinal>();
        int looks = 0;
        for (; looks < 24 * 60; looks++)
        {
            var head = Head(await _github.ReadAsync(probe, _github.Clock.GetUtcNow()));
            Assert.Equal(head.OccurredAt.ToUnixTimeMilliseconds(), head.Ordinal.Major);
            Assert.True(_github.Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(head.Ordinal.Major) <= TimeSpan.FromMinutes(15));
            said.Add(head.Ordinal);
            _github.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.InRange(said.Count, 24 * 4, (24 * 4) + 6);
    }

    [Fact]
    public async Task In_one_second_a_push_comes_after_a_look_and_in_the_next_second_the_look_comes_after_the_push()
    {
        _github.Lines.Chain(3);
        var pushed = Hook.Translate("push", Payloads.Push(new string('e', 40), 3600)).Only(FactKinds.Head);
        var same = Head(await _github.ReadAsync(_github.Probe(), Payloads.Start));
        Assert.Equal(pushed, FactJoin.Join(pushed, same));
        Assert.Equal(pushed, FactJoin.Join(same, pushed));
        _github.Clock.Advance(TimeSpan.FromSeconds(1));
        var next = Head(await _github.ReadAsync(_github.Probe(), Payloads.Start));
        Assert.Equal(next, FactJoin.Join(pushed, next));
        Assert.Equal(next, FactJoin.Join(next, pushed));
    }

    [Fact]
    public async Task A_slow_answer_does_not_overrule_a_push_that_happened_while_it_was_made()
    {
        _github.Lines.Chain(3);
        // GitHub reads the branch at once and answers after four seconds; the push comes after one.
        _github.Intercept = (_, _) =>
        {
            _github.Clock.Advance(TimeSpan.FromSeconds(4));
            return null;
        };
        var pushed = Hook.Translate("push", Payloads.Push(new string('e', 40), 3601)).Only(FactKinds.Head);
        var look = Head(await _github.ReadAsync(_github.Probe(), Main));
        Assert.Equal(Payloads.Start.AddSeconds(3600).ToUnixTimeMilliseconds(), look.Ordinal.Major);
        Assert.Equal(pushed, FactJoin.Join(look, pushed));
    }

    [Fact]
    public async Task Without_GitHubs_own_time_or_with_one_from_the_future_a_look_says_no_head_and_still_brings_the_history()
    {
        _github.Lines.Chain(3);
        _github.HasDate = false;
        var without = await _github.ReadAsync(_github.Probe(), Main);
        _github.HasDate = true;
        _github.Intercept = (_, body) =>
        {
            var found = new JsonObject();
            string query = JsonNode.Parse(body)!["query"]!.GetValue<string>();
            _github.Lines.Answer(query, query, [], found);
            var answer = FakeGitHub.Json(new JsonObject { ["data"] = new JsonObject { ["r0"] = found } }.ToJsonString());
            answer.Headers.Date = _github.Clock.GetUtcNow().AddDays(1);
            return answer;
        };
        foreach (var result in (ProbeResult[])[without, await _github.ReadAsync(_github.Probe(), Main)])
        {
            Assert.Empty(result.Facts);
            Assert.Equal(3, result.History.Length);
            Assert.Contains(result.Diagnostics, static d => d.Contains("Date", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task One_commit_message_beyond_all_bounds_costs_messages_and_not_the_line()
    {
        _github.Lines.Chain(3);
        _github.Lines.Commit(2, new string('x', 11 * 1024 * 1024), 1);
        var others = Enumerable.Range(1, 3).Select(static i => new LineGap("acme/web", $"r{i}", FakeLines.Sha(1))).ToArray();
        _github.Lines.Commit(1, $"This reverts commit {new string('7', 40)}.");
        var result = await _github.ReadAsync(_github.Probe(), [Main, .. others]);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Equal([1, 1, 1, 1, 2, 3], result.History.Select(static n => Number(n.Sha)).Order());
        Assert.Contains(result.Facts, static f => f.Kind == FactKinds.Revert);
        Assert.Contains(result.Diagnostics, static d => d.Contains("main of acme/web was read without", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_of_many_lines_that_is_too_slow_is_halved()
    {
        _github.Lines.Chain(20);
        _github.Intercept = static (_, body) => body.Split("qualifiedName").Length > 4 ? FakeGitHub.Status(502, "<html>") : null;
        var result = await _github.ReadAsync(_github.Probe(), [.. Enumerable.Range(1, 12).Select(static i => new LineGap("acme/web", $"b{i}", FakeLines.Sha(i)))]);
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Contains(result.History, static n => Number(n.Sha) == 12);
    }

    public static TheoryData<string, Action<JsonObject>> Broken() => new()
    {
        { "no list of parents", static c => c.Remove("parents") },
        { "a list that is none", static c => c["parents"]!["nodes"] = null },
        { "some of the parents", static c => c["parents"]!["totalCount"] = 2 },
        { "a parent without an id", static c => c["parents"]!["nodes"]![0] = null },
        { "a parent whose id is none", static c => c["parents"]!["nodes"]![0]!["oid"] = "main" },
        { "no date", static c => c["committedDate"] = null },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_commit_whose_parents_are_not_all_known_is_a_hole_and_not_a_first_commit(string situation, Action<JsonObject> change)
    {
        _github.Lines.Chain(3);
        change(_github.Lines[FakeLines.Sha(2)]);
        var result = await _github.ReadAsync(_github.Probe(), new LineGap("acme/web", "main", FakeLines.Sha(3)));
        if (result.History.Length > 0) Assert.Equal((situation, 3), (situation, Number(Assert.Single(result.History).Sha)));
    }

    [Fact]
    public async Task A_history_in_which_commits_are_their_own_ancestors_has_an_end()
    {
        _github.Lines.Commit(1, "First", 2);
        _github.Lines.Branches["main"] = _github.Lines.Commit(2, "Second", 1);
        Assert.Equal(2, (await _github.ReadAsync(_github.Probe(), Main)).History.Length);
    }

    [Fact]
    public async Task A_commit_or_branch_that_GitHub_does_not_show_is_said_and_is_no_failure()
    {
        _github.Lines.Chain(3);
        var result = await _github.ReadAsync(_github.Probe(), new LineGap("acme/web", "main", FakeLines.Sha(9)), new LineGap("acme/web", "gone", null));
        Assert.Equal(ProbeOutcome.Reached, result.Outcome);
        Assert.Contains(result.Diagnostics, static d => d.Contains(FakeLines.Sha(9), StringComparison.Ordinal));
        Assert.Contains(result.Diagnostics, static d => d.Contains("gone of acme/web", StringComparison.Ordinal));
        // The head is there all the same, and its history, since it was not known before.
        Assert.Equal(3, result.History.Length);
    }

    [Fact]
    public async Task Lines_that_are_not_GitHubs_are_not_asked_for_and_a_branch_is_never_more_than_a_name()
    {
        var result = await _github.ReadAsync(
            _github.Probe(),
            new LineGap("evil/web", "main", null),
            new LineGap("acme/web\") { id } x: repository(owner: \"a", "main", null),
            new LineGap("acme/web", " ", null),
            new LineGap("acme/web", "a", "main"),
            new LineGap("acme/web", "b", new string('0', 40)));
        Assert.Empty(_github.Requests);
        Assert.Equal(5, result.Diagnostics.Length);

        await _github.ReadAsync(_github.Probe(), new LineGap("acme/web", "x\") { id } } viewer { login } r9: repository(owner: \"a\nb\\", null));
        Assert.Contains("""ref(qualifiedName: "refs/heads/x\u0022) { id } } viewer { login } r9: repository(owner: \u0022a\nb\\")""", _github.Queries.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_may_not_read_contents_is_told_so()
    {
        _github.Errors.Add(new JsonObject { ["type"] = "FORBIDDEN", ["path"] = new JsonArray("r0", "l0"), ["message"] = "Resource not accessible by personal access token" });
        var result = await _github.ReadAsync(_github.Probe(), Main);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("contents", result.Detail);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_named_and_the_others_are_read()
    {
        _github.Lines.Chain(3);
        var result = await _github.ReadAsync(_github.Probe(static o => o.Repositories.Add("acme/wbe")), new LineGap("acme/wbe", "main", null), Main);
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("acme/wbe", result.Detail);
        Assert.Equal(3, result.History.Length);
    }

    [Fact]
    public async Task A_rate_limit_before_the_history_keeps_what_was_read()
    {
        _github.Lines.Chain(3);
        _github.Intercept = static (_, body) => body.Contains("ClosedLoopHistory", StringComparison.Ordinal) ? FakeGitHub.Status((int)HttpStatusCode.Forbidden, "{}", ("retry-after", "30")) : null;
        var result = await _github.ReadAsync(_github.Probe(), Payloads.Start);
        Assert.Equal(ProbeOutcome.RateLimited, result.Outcome);
        Assert.Equal(FakeLines.Sha(3), Head(result).Revision);
    }

    [Fact]
    public async Task The_checks_of_a_lines_newest_commit_are_read_though_nobody_waits_for_it()
    {
        _github.Lines.Branches["main"] = Payloads.Landing;
        _github.Checks("SUCCESS", Payloads.CheckRun("completed", "success", 40, 50));
        var result = await _github.ReadAsync(_github.Probe(), Payloads.Start);
        var rollup = Assert.Single(result.Facts, static f => f.Name == "rollup");
        Assert.Equal((Key.Commit("acme/web", Payloads.Landing), GateStatus.Passed), (rollup.Subject, rollup.Status));
    }

    [Fact]
    public async Task A_rollback_to_a_commit_that_nobody_waits_for_any_more_is_found_by_a_sweep()
    {
        _github.Lines.Chain(3);
        _github.Lines.Deployments.Add(new JsonObject
        {
            ["databaseId"] = 33,
            ["commitOid"] = FakeLines.Sha(1),
            ["environment"] = "production",
            ["task"] = "deploy",
            ["createdAt"] = Payloads.At(60),
            ["statuses"] = new JsonObject { ["nodes"] = new JsonArray(new JsonObject { ["state"] = "SUCCESS", ["createdAt"] = Payloads.At(70) }) },
        });
        var fact = Assert.Single((await _github.ReadAsync(_github.Probe(), Payloads.Start)).Facts, static f => f.Kind == Gates.RolledOut);
        Assert.Equal((GateStatus.Passed, FakeLines.Sha(1), "acme/web"), (fact.Status, fact.Revision, fact.Attribute(FactAttributes.Repository)));
    }

    private static int Number(string sha) => Convert.ToInt32(sha[32..], 16);

    private static Fact Head(ProbeResult result) => Assert.Single(result.Facts, static f => f.Kind == FactKinds.Head);

    private static Fact Joined(ProbeResult left, ProbeResult right) => FactJoin.Join(Head(left), Head(right));

    private static IEnumerable<(string Branch, int Commit)> Heads(ProbeResult result) =>
        result.Facts.Where(static f => f.Kind == FactKinds.Head).Select(static f => (f.Attribute(FactAttributes.Branch)!, Number(f.Revision!)));
}
