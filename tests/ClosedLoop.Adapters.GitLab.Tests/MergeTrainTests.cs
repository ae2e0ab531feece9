using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Adapters.GitLab.Tests;

/// <summary>A merge train is what the merged gate waits for, and its pipelines are not main's.</summary>
public sealed class MergeTrainTests : IAsyncLifetime
{
    private static readonly Key Change = Key.PullRequest(FakeGitLab.Project, 4);
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync()
    {
        _gitlab = await FakeGitLab.StartAsync();
        _gitlab.Open(4, 10);
        _gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
    }

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    [Fact]
    public async Task The_merged_gate_waits_for_the_train_says_why_it_was_dropped_and_passes_when_it_is_merged()
    {
        var facts = new List<Fact>();
        _gitlab.Board(4, "fresh", 70, "running");
        var gate = await LookAsync();
        Assert.Equal((GateStatus.Waiting, "in the merge train of 'main'; pipeline 70 of the train: 'running'"), (gate.Status, gate.Detail));
        _gitlab.Board(4, "fresh", 70, "failed");
        gate = await LookAsync();
        Assert.Equal((GateStatus.Waiting, "in the merge train of 'main'; pipeline 70 of the train: 'failed'"), (gate.Status, gate.Detail));

        _gitlab.Drop(4, "removed this merge request from the merge train because the pipeline did not succeed. [Learn more](https://gitlab.example/help)");
        gate = await LookAsync();
        Assert.Equal((GateStatus.Waiting, Reason.Inconclusive, "dropped from the merge train: 'the pipeline did not succeed'"), (gate.Status, gate.Reason, gate.Detail));

        _gitlab.Board(4, "idle", 71, "created");
        Assert.StartsWith("in the merge train of 'main', waits for its pipeline there", (await LookAsync()).Detail, StringComparison.Ordinal);
        _gitlab.Commit(20, "Merge", 1);
        _gitlab.Merge(4, 20);
        _gitlab.Trains.Remove(4);
        Assert.Equal((GateStatus.Passed, FakeGitLab.Sha(20)), ((await LookAsync()).Status, (await LookAsync()).Revision));
        // In whatever order all of that comes, it ends the same.
        var random = new Random(4);
        var expected = Fold(facts).Gate(Gates.Merged);
        for (int i = 0; i < 50; i++) Assert.Equal(expected, Fold(facts.Concat(facts).OrderBy(_ => random.Next())).Gate(Gates.Merged));

        async Task<GateView> LookAsync()
        {
            _gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
            facts.AddRange((await ProbeAsync()).Facts);
            return Fold(facts).Gate(Gates.Merged)!;
        }
    }

    [Theory]
    [InlineData("removed this merge request from the merge train", Reason.Cancelled, "taken out of the merge train by hand")]
    [InlineData("removed this merge request from the merge train because merge request is not mergeable", Reason.Inconclusive, "dropped from the merge train: 'merge request is not mergeable'")]
    [InlineData("aborted this merge request from the merge train because the source branch was updated.", Reason.Inconclusive, "dropped from the merge train: 'the source branch was updated'")]
    [InlineData("enabled automatic add to merge train when the pipeline for 0123abcd succeeds", Reason.None, "is put into the merge train when its checks pass")]
    [InlineData("enabled automatic add to merge train when checks pass", Reason.None, "is put into the merge train when its checks pass")]
    [InlineData("cancelled automatic add to merge train", Reason.Cancelled, "is no longer put into the merge train by itself")]
    [InlineData("aborted automatic add to merge train because the merge request was closed", Reason.Inconclusive, "is not put into the merge train: 'the merge request was closed'")]
    [InlineData("started a merge train", null, null)]
    [InlineData("danced around the merge train because it could", null, null)]
    [InlineData("approved this merge request", null, null)]
    public async Task Each_note_has_a_meaning_and_none_of_them_passes_or_fails_anything(string note, Reason? reason, string? detail)
    {
        _gitlab.Note(4, note);
        _gitlab.Note(4, "I removed this merge request from the merge train because I can", isSystem: false);
        _gitlab.Note(4, "changed the description");
        var fact = Train(await ProbeAsync());
        Assert.Equal((reason, detail), (fact?.Reason, fact?.Detail));
        Assert.True(fact is null or { Status: GateStatus.Waiting });
    }

    [Theory]
    [InlineData("idle", Reason.None)]
    [InlineData("fresh", Reason.None)]
    [InlineData("stale", Reason.None)]
    [InlineData("merging", Reason.None)]
    [InlineData("merged", Reason.None)]
    [InlineData("skip_merged", Reason.None)]
    [InlineData("teleported", Reason.Unrecognized)]
    public async Task Each_status_waits_and_only_an_unknown_one_is_told(string status, Reason reason)
    {
        _gitlab.Board(4, status, 70, "success");
        var result = await ProbeAsync();
        var fact = Train(result)!;
        Assert.Equal((GateStatus.Waiting, reason), (fact.Status, fact.Reason));
        Assert.Equal(reason == Reason.Unrecognized ? 1 : 0, result.Diagnostics.Length);
    }

    [Fact]
    public async Task Dropped_and_entered_within_one_second_it_is_where_it_went_last()
    {
        _gitlab.Board(4, "fresh", 70, "running");
        _gitlab.Drop(4, "removed this merge request from the merge train because pipeline did not succeed");
        var dropped = await ProbeAsync();
        _gitlab.Board(4, "fresh", 70, "running");
        var late = await ProbeAsync();
        Assert.Equal("dropped from the merge train: 'pipeline did not succeed'", Fold(late.Facts.Concat(dropped.Facts)).Gate(Gates.Merged)!.Detail);
    }

    [Theory]
    [InlineData("refs/merge-requests/4/train", false)]
    [InlineData("refs/merge-requests/4/train", true)]
    [InlineData("fix-4", true)]
    // Its source branch is the line itself: what was started by the merge request is still about a candidate.
    [InlineData("main", true)]
    public async Task A_trains_pipeline_is_never_mains_although_its_commit_landed(string reference, bool namesRequest)
    {
        var hook = _gitlab.Board(4, "fresh", 70, "success");
        _gitlab.Pipelines[70]["sha"] = FakeGitLab.Sha(20);
        hook.Attributes()["sha"] = FakeGitLab.Sha(20);
        hook.Attributes()["ref"] = reference;
        if (!namesRequest) hook["merge_request"] = null;
        var translation = Given.Translate(hook, FollowTrains);
        Assert.Empty(translation.Facts);
        Assert.Equal(Change, Assert.Single(translation.Hints));
        // Who follows no trains is asked for nothing.
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(hook).Outcome);

        _gitlab.Commit(20, "Merge", 1);
        _gitlab.Merge(4, 20);
        var landing = Key.Commit(FakeGitLab.Project, FakeGitLab.Sha(20));
        Assert.DoesNotContain((await ProbeAsync(landing)).Facts, static f => f.Kind == Gates.MainCi);
        _gitlab.Pipeline(71, 20, "failed");
        Assert.Equal(GateStatus.Failed, Assert.Single((await ProbeAsync(landing)).Facts, static f => f.Kind == Gates.MainCi).Status);
    }

    [Theory]
    [InlineData("refs/merge-requests/x/train")]
    [InlineData("refs/merge-requests/-4/train")]
    [InlineData("refs/merge-requests/99999999999/train")]
    [InlineData("refs/merge-requests/4")]
    public void A_ref_that_names_no_merge_request_asks_for_nothing(string reference)
    {
        var hook = _gitlab.Board(4, "fresh", 70, "success").With(h => (h.Attributes()["ref"], h["merge_request"]) = (reference, null));
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(hook, FollowTrains).Outcome);
    }

    [Fact]
    public void A_pipeline_in_a_fork_says_nothing_of_the_project_that_the_merge_request_is_for()
    {
        var hook = _gitlab.Board(4, "fresh", 70, "success").With(static h => h["merge_request"]!["target_project_id"] = 99);
        Assert.Equal(TranslationOutcome.Ignored, Given.Translate(hook, FollowTrains).Outcome);
    }

    [Fact]
    public async Task Where_there_are_no_trains_the_rest_is_read_and_it_is_told_once()
    {
        _gitlab.Open(5, 11);
        _gitlab.Instead = static c =>
        {
            if (!c.Request.Path.Value!.Contains("/merge_trains/", StringComparison.Ordinal)) return Task.FromResult(false);
            c.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.FromResult(true);
        };
        var result = await ProbeAsync(Change, Key.PullRequest(FakeGitLab.Project, 5));
        Assert.Equal((ProbeOutcome.Reached, 2), (result.Outcome, result.Facts.Count(static f => f.Kind == Gates.PrOpened)));
        Assert.Contains("GitLab:FollowMergeTrains", Assert.Single(result.Diagnostics), StringComparison.Ordinal);
        Assert.Single(_gitlab.Requests, static r => r.Contains("/merge_trains/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_follows_no_trains_does_not_pay_for_them_and_a_merged_one_is_not_asked_for()
    {
        _gitlab.Board(4, "fresh", 70, "running");
        await ProbeAsync(_gitlab.Adapter(), Change);
        _gitlab.Merge(4, 20);
        await ProbeAsync();
        Assert.DoesNotContain(_gitlab.Requests, static r => r.Contains("/merge_trains/", StringComparison.Ordinal) || r.Contains("/notes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"status":7,"created_at":"2026-01-05T09:00:00Z"}""")]
    [InlineData("""{"status":"fresh","created_at":"soon"}""")]
    [InlineData("""{"status":"fresh","created_at":"2026-01-05T09:00:00Z","pipeline":[],"target_branch":7,"merge_request":"x"}""")]
    [InlineData("""{"status":"\ud800","created_at":"2026-01-05T09:00:00Z"}""")]
    public async Task A_strange_answer_passes_nothing_and_stops_nothing(string answer)
    {
        _gitlab.Instead = async c =>
        {
            if (!c.Request.Path.Value!.Contains("/merge_trains/", StringComparison.Ordinal)) return false;
            await c.Response.WriteAsync(answer);
            return true;
        };
        var result = await ProbeAsync();
        Assert.Contains(result.Facts, static f => f.Kind == Gates.PrOpened);
        Assert.True(Train(result) is null or { Status: GateStatus.Waiting });
    }

    [Fact]
    public void A_place_in_a_train_is_explained()
    {
        _gitlab.Board(4, "stale", 70, "running");
        var explanation = GitLabAdapter.Explain(Encoding.UTF8.GetBytes(new JsonArray(_gitlab.Trains[4].DeepClone()).ToJsonString()), null);
        Assert.Equal("in the merge train of 'main', whose pipeline is made anew; pipeline 70 of the train: 'running'", Assert.Single(explanation.Facts).Detail);
    }

    private static void FollowTrains(GitLabOptions options) => (options.FollowMergeTrains, options.Token) = (true, FakeGitLab.Token);

    private Task<ProbeResult> ProbeAsync(params Key[] keys) => ProbeAsync(_gitlab.Adapter(FollowTrains), keys.Length == 0 ? [Change] : keys);

    private async Task<ProbeResult> ProbeAsync(AdapterRegistration adapter, params Key[] keys) =>
        await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = GitLabAdapter.Name, Keys = [.. keys], At = _gitlab.Clock.GetUtcNow() }, CancellationToken.None);

    private static Fact? Train(ProbeResult result) => result.Facts.SingleOrDefault(static f => f.Subject.Scheme == "merge-train");

    private static ItemState Fold(IEnumerable<Fact> facts)
    {
        var graph = new FactGraph();
        foreach (var fact in facts) graph.Apply(fact);
        return ItemFold.Fold(PipelineDefinition.Default, Key.Item("BL-42"), graph)!;
    }
}
