using ClosedLoop.Facts;
using ClosedLoop.Pipelines;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>A multibranch project's jobs come and go with their branches.</summary>
public sealed class MultibranchTests : IAsyncLifetime
{
    private const string Project = "job/acme/job/web";
    private static readonly DateTimeOffset Now = Given.Start + TimeSpan.FromHours(1);

    private FakeJenkins _jenkins = null!;

    public async Task InitializeAsync() => _jenkins = await FakeJenkins.StartAsync();

    public async Task DisposeAsync() => await _jenkins.DisposeAsync();

    [Fact]
    public async Task A_sweep_reads_the_branches_that_count_by_their_encoded_names()
    {
        Branches("main", "release%2F1.0", "feature%2Fx", "PR-12");
        Builds("main", Given.Build(7, "SUCCESS", 'a', branch: "main"));
        Builds("release%2F1.0", Given.Build(3, "FAILURE", 'b', branch: "release/1.0"));
        Builds("feature%2Fx", Given.Build(1, "FAILURE", 'c'));
        Builds("PR-12", Given.Build(2, "SUCCESS", 'd'));
        var main = await SweepAsync(_jenkins.Adapter(change: Configure));
        Assert.Equal("acme/web/main", Assert.Single(main.Facts).Name);

        var both = await SweepAsync(_jenkins.Adapter(change: static o =>
        {
            Configure(o);
            o.Jobs[0].Branch = "release/*";
        }));
        var fact = Assert.Single(both.Facts);
        Assert.Equal("build:https://ci.acme.example/job/acme/job/web/job/release%252F1.0/3", fact.Subject.ToString());
        Assert.Equal((GateStatus.Failed, "release/1.0", Given.Sha('b')), (fact.Status, fact.Attribute(FactAttributes.Branch), fact.Revision));
        Assert.Equal(ProbeOutcome.Reached, both.Outcome);
    }

    [Fact]
    public async Task Branches_on_which_nothing_happened_lately_cost_no_request()
    {
        Branches("main", "PR-1", "PR-2");
        Builds("main", Given.Build(7, "SUCCESS", 'a', start: Given.Start - TimeSpan.FromDays(3)));
        Builds("PR-1", Given.Build(7, "SUCCESS", 'b', start: Given.Start - TimeSpan.FromDays(3)));
        Builds("PR-2", Given.Build(1, null, 'c'));
        var result = await SweepAsync(_jenkins.Adapter(change: static o =>
        {
            Configure(o);
            o.ReadStages = false;
            o.Jobs[0].PullRequestGate = "pr-ci";
        }));
        Assert.Single(result.Facts);
        Assert.Equal(2, _jenkins.Requests.Count);
    }

    [Fact]
    public async Task A_build_of_a_pull_request_speaks_of_its_head_at_a_gate_before_the_merge()
    {
        Branches("PR-12", "MR-13-merge");
        // What was built is a merge made for the build (d); the branch's own commit is the head of the request (e).
        var build = Given.Build(2, "SUCCESS", 'd', branch: "PR-12");
        build["actions"]![3]!["lastBuiltRevision"]!["branch"]![0]!["SHA1"] = Given.Sha('e');
        Builds("PR-12", build);
        Builds("MR-13-merge", Given.Build(1, "FAILURE", 'f'));
        var result = await SweepAsync(_jenkins.Adapter(change: static o =>
        {
            Configure(o);
            o.Jobs[0].PullRequestGate = "pr-ci";
        }));
        var fact = Assert.Single(result.Facts, static f => f.Name == "acme/web/PR-12");
        Assert.Equal(("pr-ci", GateStatus.Passed, Given.Sha('e')), (fact.Kind, fact.Status, fact.Revision));
        Assert.Equal([Key.PullRequest("acme/web", 12)], fact.Links);
        Assert.Equal([Key.PullRequest("acme/web", 13)], Assert.Single(result.Facts, static f => f.Name == "acme/web/MR-13-merge").Links);

        var pipeline = new PipelineBuilder("delivery").UseDefaultGates().GateAfter(Gates.PrOpened, "pr-ci", static g => g.WrittenBy("ci:jenkins")).Build();
        var graph = Given.Graph([.. Given.Landed(12, 'a'), fact]);
        Assert.Equal(GateStatus.Passed, graph.Item(12, pipeline).Gate("pr-ci")!.Status);
        Assert.Equal(GateStatus.Waiting, graph.MainCi(12, pipeline).Status);
    }

    [Fact]
    public void Webhooks_of_pull_requests_and_other_branches_are_ignored_with_a_reason()
    {
        var translator = Given.Translator(Configure);
        var pull = translator.Translate(Given.Delivery(Given.Notification(2, "COMPLETED", "SUCCESS", path: $"{Project}/job/PR-12")));
        Assert.Equal(TranslationOutcome.Ignored, pull.Outcome);
        Assert.Contains("Jenkins:Jobs:0:PullRequestGate", pull.Detail, StringComparison.Ordinal);
        var feature = translator.Translate(Given.Delivery(Given.Notification(2, "COMPLETED", "FAILURE", path: $"{Project}/job/feature%252Fx")));
        Assert.Equal(TranslationOutcome.Ignored, feature.Outcome);
        Assert.Contains("Jenkins:Jobs:0:Branch", feature.Detail, StringComparison.Ordinal);
        foreach (string path in (string[])[$"{Project}", $"{Project}/job/main/job/deeper", "job/acme/job/other/job/main", $"{Project}/job/a%250Ab"])
            Assert.NotEqual(TranslationOutcome.Facts, translator.Translate(Given.Delivery(Given.Notification(2, "COMPLETED", "SUCCESS", path: path))).Outcome);
    }

    [Fact]
    public async Task Webhook_and_probe_agree_on_a_branchs_job()
    {
        Branches("main");
        Builds("main", Given.Build(7, "SUCCESS", 'a', branch: "main"));
        var adapter = _jenkins.Adapter(change: Configure);
        var told = adapter.Translator!.Translate(Given.Delivery(Given.Notification(7, "COMPLETED", "SUCCESS", path: $"{Project}/job/main"))).State();
        var read = Assert.Single((await SweepAsync(adapter)).Facts);
        Assert.Equal(told, read with { Ordinal = told.Ordinal });
        Assert.Equal(read, (await KeysAsync(adapter, told.Subject)).State(7));
    }

    [Fact]
    public async Task The_job_of_a_branch_that_is_deleted_meanwhile_is_no_failure_and_takes_nothing_back()
    {
        Branches("main", "release%2F1");
        Builds("main", Given.Build(7, "SUCCESS", 'a'));
        Builds("release%2F1", Given.Build(1, "SUCCESS", 'b'));
        _jenkins.Instead = context =>
        {
            // Between the list of branches and the branch's own list.
            if (context.Request.Path.Value!.Contains("release", StringComparison.Ordinal)) _jenkins.Jobs.TryRemove($"{Project}/job/release%252F1", out _);
            return Task.FromResult(false);
        };
        var adapter = _jenkins.Adapter(change: static o =>
        {
            Configure(o);
            o.Jobs[0].Branch = "*";
        });
        var result = await SweepAsync(adapter);
        Assert.Equal((ProbeOutcome.Reached, 1), (result.Outcome, result.Facts.Length));
        result = await KeysAsync(adapter, Key.Build("https://ci.acme.example/job/acme/job/web/job/release%252F1/1"));
        Assert.Equal((ProbeOutcome.Reached, 0), (result.Outcome, result.Facts.Length));
    }

    [Fact]
    public async Task A_commit_is_looked_for_on_the_branches_that_count()
    {
        Branches("main", "PR-3");
        Builds("main", Given.Build(7, "SUCCESS", 'b', "ab", start: Given.Start - TimeSpan.FromDays(30)));
        var result = await KeysAsync(_jenkins.Adapter(change: Configure), Key.Commit("acme/web", Given.Sha('a')));
        Assert.Equal(Given.Sha('b'), result.State(7).Revision);
        Assert.Equal(2, _jenkins.Requests.Count);
    }

    [Fact]
    public async Task A_job_that_is_no_project_and_a_project_that_is_no_job_are_told_apart()
    {
        _jenkins.Jobs["job/acme/job/web"] = [];
        var result = await SweepAsync(_jenkins.Adapter(change: Configure));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("Jenkins:Jobs:0:IsMultibranch", result.Detail, StringComparison.Ordinal);
        result = await SweepAsync(_jenkins.Adapter(change: static o =>
        {
            Configure(o);
            o.Jobs[0].Path = "acme/gone";
        }));
        Assert.Equal(ProbeOutcome.Unreachable, result.Outcome);
        Assert.Contains("acme/gone", result.Detail, StringComparison.Ordinal);
    }

    private static void Configure(JenkinsOptions options) =>
        (options.Jobs[0].Path, options.Jobs[0].IsMultibranch, options.Jobs[0].Branch) = ("acme/web", true, "main");

    private void Branches(params string[] names) => _jenkins.Projects[Project] = [.. names];

    private void Builds(string branch, params System.Text.Json.Nodes.JsonObject[] builds) => _jenkins.Jobs[$"{Project}/job/{Uri.EscapeDataString(branch)}"] = [.. builds];

    private static ValueTask<ProbeResult> SweepAsync(AdapterRegistration adapter) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = Given.Start - TimeSpan.FromMinutes(5), At = Now }, default);

    private static ValueTask<ProbeResult> KeysAsync(AdapterRegistration adapter, params Key[] keys) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", Keys = [.. keys], At = Now }, default);
}
