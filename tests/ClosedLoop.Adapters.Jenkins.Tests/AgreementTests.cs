using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>Webhook and probe are two ways to the same record.</summary>
public sealed class AgreementTests
{
    private static readonly JenkinsSettings Settings = JenkinsSettings.From(Given.Options());
    private static readonly JenkinsWebhookTranslator Translator = new(Settings);

    [Fact]
    public void A_running_build_is_the_same_fact_by_either_path() =>
        Assert.Equal(Notified(10, "STARTED"), Read(Given.Build(10, null, 'a'))[0]);

    [Fact]
    public void A_finished_build_differs_only_in_that_the_api_ranks_higher()
    {
        var notified = Notified(10, "COMPLETED", "SUCCESS");
        var read = Assert.Single(Read(Given.Build(10, "SUCCESS", 'a')));
        Assert.Equal(new Ordinal(10, 1, 4), read.Ordinal);
        Assert.Equal(notified, read with { Ordinal = notified.Ordinal });
    }

    [Theory]
    [InlineData("SUCCESS")]
    [InlineData("FAILURE")]
    [InlineData("UNSTABLE")]
    [InlineData("ABORTED")]
    [InlineData("NOT_BUILT")]
    [InlineData("WEIRD")]
    public void Webhooks_alone_and_the_probe_alone_give_one_state(string result)
    {
        var byWebhook = Given.Graph([.. Given.Landed(1, 'a'), Notified(10, "QUEUED"), Notified(10, "STARTED"), Notified(10, "COMPLETED", result), Notified(10, "FINALIZED", result)]);
        var byProbe = Given.Graph([.. Given.Landed(1, 'a'), .. Read(Given.Build(10, result, 'a'))]);
        Assert.Equal(byProbe.Item(1).Show(), byWebhook.Item(1).Show());
    }

    [Fact]
    public void Any_order_and_repetition_of_webhooks_and_looks_gives_one_state()
    {
        // #10 green for a; #11 aborted at b; #12 builds c, with b in its change log, and fails; #13 builds c again and is green; #14 runs for d.
        List<Fact> facts =
        [
            .. Given.Landed(1, 'a'), .. Given.Landed(2, 'b'), .. Given.Landed(3, 'c'), .. Given.Landed(4, 'd'),
            .. Life(10, "SUCCESS", 'a', "a"), .. Life(11, "ABORTED", 'b', "b"), .. Life(12, "FAILURE", 'c', "bc"), .. Life(13, "SUCCESS", 'c', ""),
            Notified(14, "QUEUED", commit: null), Notified(14, "STARTED", commit: null), .. Read(Given.Build(14, null, 'd', "d")),
        ];
        string expected = Show(Given.Graph(facts));
        Assert.Equal(
            [GateStatus.Passed, GateStatus.Waiting, GateStatus.Passed, GateStatus.Running],
            Enumerable.Range(1, 4).Select(pr => Given.Graph(facts).MainCi(pr).Status));
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var shuffled = facts.Concat(facts.Where(_ => random.Next(3) == 0)).OrderBy(_ => random.Next()).ToList();
            Assert.Equal(expected, Show(Given.Graph(shuffled)));
        }

        static string Show(FactGraph graph) => string.Join('\n', Enumerable.Range(1, 4).Select(pr => graph.Item(pr).Show()));
    }

    [Fact]
    public void A_missed_notification_is_made_good_by_the_probe()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), Notified(10, "STARTED")]);
        Assert.Equal(GateStatus.Running, graph.MainCi(1).Status);
        foreach (var fact in Read(Given.Build(10, "SUCCESS", 'a'))) graph.Apply(fact);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
    }

    [Fact]
    public void A_green_build_of_a_change_and_its_revert_is_no_green_build_of_the_change()
    {
        // Both were waiting in the queue: a brought the change, b took it away, and one build of b has both in its change log. What it
        // built does not contain the change.
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Given.Landed(2, 'b'), .. Life(10, "SUCCESS", 'b', "ab")]);
        Assert.NotEqual(GateStatus.Passed, graph.MainCi(1).Status);
        Assert.Equal((GateStatus.Passed, Reason.Exact), (graph.MainCi(2).Status, graph.MainCi(2).Reason));
    }

    [Fact]
    public void A_coalesced_build_says_what_it_built_and_leaves_what_that_contains_to_the_history()
    {
        foreach (var fact in Read(Given.Build(10, "SUCCESS", 'b', "ab")).Concat(Read(Given.Build(11, null, 'd', "cd"))))
        {
            Assert.Equal([Key.Commit("acme/web", fact.Revision!)], fact.Links);
            Assert.Equal("acme/web", fact.Attribute(FactAttributes.Repository));
        }
    }

    [Fact]
    public void The_notification_of_the_end_does_not_take_the_commit_away_from_a_build_seen_running()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Read(Given.Build(10, null, 'a'))]);
        Assert.Equal(GateStatus.Running, graph.MainCi(1).Status);
        graph.Apply(Notified(10, "COMPLETED", "SUCCESS", commit: null));
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
    }

    [Theory]
    [InlineData("ABORTED")]
    [InlineData("NOT_BUILT")]
    public void What_an_aborted_build_had_checked_out_counts_for_nothing_and_says_which_commit_that_was(string result)
    {
        foreach (var fact in (Fact[])[Notified(11, "COMPLETED", result, 'b'), Read(Given.Build(11, result, 'b', "ab"))[^1]])
        {
            Assert.Equal((GateStatus.Waiting, Reason.Cancelled, Given.Sha('b')), (fact.Status, fact.Reason, fact.Revision));
            Assert.DoesNotContain(Key.Commit("acme/web", Given.Sha('a')), fact.Links);
        }
    }

    [Fact]
    public void Builds_of_a_job_are_ordered_by_their_number_however_long_they_took()
    {
        var slow = Read(Given.Build(10, "FAILURE", 'a'))[^1];
        var quick = Notified(11, "STARTED", commit: 'b');
        Assert.True(quick.Ordinal > slow.Ordinal);
        Assert.Equal("web-main", slow.Name);
        Assert.Equal(slow.Name, quick.Name);
    }

    [Fact]
    public void A_newer_build_that_fails_for_a_later_commit_leaves_the_earlier_one_green()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Given.Landed(2, 'b'), .. Life(10, "SUCCESS", 'a', "a"), .. Life(11, "FAILURE", 'b', "b")]);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
        Assert.Equal(GateStatus.Failed, graph.MainCi(2).Status);
    }

    [Fact]
    public void A_rebuild_of_the_same_commit_speaks_instead_of_the_build_before_it()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Life(10, "FAILURE", 'a', "a")]);
        Assert.Equal(GateStatus.Failed, graph.MainCi(1).Status);
        graph.Apply(Notified(11, "STARTED"));
        Assert.Equal(GateStatus.Running, graph.MainCi(1).Status);
        graph.Apply(Notified(11, "COMPLETED", "SUCCESS"));
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
        foreach (var late in Life(10, "FAILURE", 'a', "a")) graph.Apply(late);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
    }

    [Fact]
    public void An_aborted_build_waits_and_a_green_one_after_it_passes()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Life(10, "ABORTED", 'a', "a")]);
        Assert.Equal((GateStatus.Waiting, Reason.Cancelled), (graph.MainCi(1).Status, graph.MainCi(1).Reason));
        foreach (var fact in Life(11, "SUCCESS", 'a', "")) graph.Apply(fact);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
    }

    [Fact]
    public void An_aborted_rebuild_does_not_take_a_green_verdict_away()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Life(10, "SUCCESS", 'a', "a"), .. Life(11, "ABORTED", 'a', "")]);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
    }

    [Fact]
    public void The_worse_of_two_notifications_wins_until_the_api_decides()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), Notified(10, "COMPLETED", "SUCCESS"), Notified(10, "FINALIZED", "FAILURE")]);
        Assert.Equal(GateStatus.Failed, graph.MainCi(1).Status);
        foreach (var fact in Read(Given.Build(10, "SUCCESS", 'a'))) graph.Apply(fact);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
    }

    [Fact]
    public void A_wrong_green_from_a_webhook_is_taken_back_by_the_api()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), Notified(10, "COMPLETED", "SUCCESS"), .. Read(Given.Build(10, "FAILURE", 'a'))]);
        Assert.Equal(GateStatus.Failed, graph.MainCi(1).Status);
    }

    [Fact]
    public void A_build_of_a_commit_that_did_not_land_counts_for_nothing()
    {
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Life(10, "SUCCESS", 'f', "f")]);
        Assert.Equal((GateStatus.Waiting, Reason.None), (graph.MainCi(1).Status, graph.MainCi(1).Reason));
    }

    [Fact]
    public void One_of_two_jobs_cannot_pass_the_gate_alone_but_all_named_jobs_do()
    {
        var settings = JenkinsSettings.From(Given.Options(static o => o.Jobs.Add(new JenkinsJob { Path = "web-e2e", Repository = "acme/web" })));
        var named = new PipelineBuilder("delivery").UseDefaultGates().Gate(Gates.MainCi, static g => g.Require("web-main", "web-e2e")).Build();
        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Read(Given.Build(10, "SUCCESS", 'a'), settings)]);
        Assert.NotEqual(GateStatus.Passed, graph.MainCi(1).Status);
        Assert.NotEqual(GateStatus.Passed, graph.MainCi(1, named).Status);
        foreach (var fact in Read(Given.Build(4, "SUCCESS", 'a'), settings, job: 1)) graph.Apply(fact);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1, named).Status);
    }

    /// <summary>Everything that both paths see of one build.</summary>
    private static IEnumerable<Fact> Life(int number, string result, char revision, string changes) =>
    [
        Notified(number, "QUEUED", commit: null), Notified(number, "STARTED", commit: null), Notified(number, "COMPLETED", result, revision), Notified(number, "FINALIZED", result, revision),
        .. Read(Given.Build(number, null, revision: null)), .. Read(Given.Build(number, null, revision, changes)), .. Read(Given.Build(number, result, revision, changes)),
    ];

    private static Fact Notified(int number, string phase, string? status = null, char? commit = 'a') =>
        Translator.Translate(Given.Delivery(Given.Notification(number, phase, status, commit))).State();

    private static List<Fact> Read(System.Text.Json.Nodes.JsonObject build, JenkinsSettings? settings = null, int job = 0)
    {
        settings ??= Settings;
        var diagnostics = new List<string>();
        using var document = JsonDocument.Parse(build.ToJsonString());
        var reading = BuildReader.Read(document.RootElement, settings.Jobs[job], diagnostics)!;
        var facts = new BuildFacts(settings);
        var seen = Given.Start + TimeSpan.FromHours(2);
        return facts.Built(reading, seen) is { } built ? [facts.State(reading, seen, diagnostics), built] : [facts.State(reading, seen, diagnostics)];
    }
}
