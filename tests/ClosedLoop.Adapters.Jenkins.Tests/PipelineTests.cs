using System.Text.Json.Nodes;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins.Tests;

/// <summary>What Jenkins says of builds that have not ended: stages that wait for a person, and the queue. And of builds that are made again.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = Given.Start + TimeSpan.FromHours(1);

    private FakeJenkins _jenkins = null!;

    public async Task InitializeAsync() => _jenkins = await FakeJenkins.StartAsync();

    public async Task DisposeAsync() => await _jenkins.DisposeAsync();

    [Fact]
    public async Task A_pipeline_that_waits_for_input_is_running_and_awaits_approval_until_it_goes_on()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(16, null, 'a')];
        var adapter = _jenkins.Adapter();
        _jenkins.Stages["job/web-main/16"] = Run("PAUSED_PENDING_INPUT", active: 60, pause: 5);
        var paused = (await SweepAsync(adapter)).State(16);
        Assert.Equal((GateStatus.Running, Reason.AwaitingApproval), (paused.Status, paused.Reason));
        Assert.Equal("web-main #16 waits for a person's input in stage 'Deploy'", paused.Detail);
        Assert.Equal(Given.Start + TimeSpan.FromSeconds(60), paused.OccurredAt);

        // The next look at the same pause is the same fact.
        _jenkins.Stages["job/web-main/16"] = Run("PAUSED_PENDING_INPUT", active: 60, pause: 65);
        Assert.Equal(paused, (await SweepAsync(adapter)).State(16));

        _jenkins.Stages["job/web-main/16"] = Run("IN_PROGRESS", active: 61, pause: 70);
        var resumed = (await SweepAsync(adapter)).State(16);
        Assert.Equal((GateStatus.Running, Reason.None), (resumed.Status, resumed.Reason));
        Assert.True(resumed.Ordinal > paused.Ordinal);

        var started = adapter.Translator!.Translate(Given.Delivery(Given.Notification(16, "STARTED", commit: 'a'))).State();
        var ended = adapter.Translator!.Translate(Given.Delivery(Given.Notification(16, "COMPLETED", "SUCCESS", 'a'))).State();
        _jenkins.Jobs["job/web-main"] = [Given.Build(16, "SUCCESS", 'a')];
        var read = (await SweepAsync(adapter)).State(16);
        foreach (var order in (Fact[][])[[paused, resumed, ended, read, started], [read, ended, resumed, paused, started], [ended, paused, started]])
        {
            var graph = Given.Graph([.. Given.Landed(1, 'a'), .. order]);
            Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
        }
        Assert.Equal(resumed, Given.Graph([started, paused, resumed, started]).FactsOf(resumed.Subject).Single(static f => f.Kind == Gates.MainCi));
    }

    [Fact]
    public async Task Without_the_stage_plugin_a_build_runs_and_its_job_is_not_asked_again_for_an_hour()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(16, null, 'a'), Given.Build(15, null, 'b')];
        var adapter = _jenkins.Adapter();
        var result = await SweepAsync(adapter);
        Assert.Equal((ProbeOutcome.Reached, 2), (result.Outcome, result.Calls));
        Assert.Equal((GateStatus.Running, Reason.None, new Ordinal(16, 0, 1)), (result.State(16).Status, result.State(16).Reason, result.State(16).Ordinal));
        Assert.Equal(1, (await SweepAsync(adapter)).Calls);
        Assert.Equal(2, (await SweepAsync(adapter, Now + TimeSpan.FromHours(2))).Calls);
    }

    [Theory]
    [InlineData("SPLENDID")]
    [InlineData("SUCCESS")]
    [InlineData(null)]
    public async Task A_stage_status_never_ends_a_build(string? status)
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(16, null, 'a')];
        var run = Run("IN_PROGRESS", active: 60, pause: 0);
        run["status"] = status;
        _jenkins.Stages["job/web-main/16"] = run;
        Assert.Equal((GateStatus.Running, Reason.None), ((await SweepAsync(_jenkins.Adapter())).State(16) is var f ? f.Status : default, Reason.None));
    }

    [Fact]
    public async Task Why_the_next_build_waits_in_the_queue_is_shown_to_commits_without_a_build_and_to_no_other()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(10, "SUCCESS", 'a')];
        _jenkins.QueuedOf["job/web-main"] = Item(143, "Build #9 is already in progress (ETA:52 sec)", blocked: true);
        var adapter = _jenkins.Adapter();
        var result = await KeysAsync(adapter, Key.Commit("acme/web", Given.Sha('a')), Key.Commit("acme/web", Given.Sha('b')));
        var queued = Assert.Single(result.Facts, static f => f.Subject.Value.EndsWith("/queue/item/143", StringComparison.Ordinal));
        Assert.Equal((GateStatus.Waiting, Reason.None), (queued.Status, queued.Reason));
        Assert.Equal("web-main: the next build waits in Jenkins' queue: Build #9 is already in progress", queued.Detail);
        Assert.Equal([Key.Commit("acme/web", Given.Sha('b'))], queued.Links);

        var graph = Given.Graph([.. Given.Landed(1, 'a'), .. Given.Landed(2, 'b'), .. result.Facts]);
        Assert.Equal(GateStatus.Passed, graph.MainCi(1).Status);
        Assert.Contains("waits in Jenkins' queue", graph.MainCi(2).Detail, StringComparison.Ordinal);

        // It leaves as #11, which is found by the item itself.
        _jenkins.QueuedOf.Clear();
        var left = Item(143, null, blocked: false);
        left["_class"] = "hudson.model.Queue$LeftItem";
        left["executable"] = new JsonObject { ["number"] = 11, ["url"] = "https://evil.example/job/web-main/11/" };
        _jenkins.Queue[143] = left;
        _jenkins.Jobs["job/web-main"].Insert(0, Given.Build(11, "SUCCESS", 'b'));
        foreach (var fact in (await KeysAsync(adapter, queued.Subject)).Facts) graph.Apply(fact);
        Assert.Equal(GateStatus.Passed, graph.MainCi(2).Status);
    }

    [Fact]
    public async Task A_cancelled_queue_item_says_so_and_one_that_is_forgotten_says_nothing()
    {
        var item = Item(143, null, blocked: false);
        item["cancelled"] = true;
        _jenkins.Queue[143] = item;
        var adapter = _jenkins.Adapter();
        var result = await KeysAsync(adapter, Key.Build("https://ci.acme.example/queue/item/143"), Key.Build("https://ci.acme.example/queue/item/9"), Key.Build("https://evil.example/queue/item/143"));
        var fact = Assert.Single(result.Facts);
        Assert.Equal((ProbeOutcome.Reached, GateStatus.Waiting, Reason.Cancelled), (result.Outcome, fact.Status, fact.Reason));
        Assert.Equal(2, result.Calls);
    }

    [Fact]
    public async Task A_queue_item_of_a_job_that_does_not_count_is_left_alone()
    {
        var item = Item(7, "Waiting", blocked: false);
        item["task"]!["url"] = "https://ci.acme.example/job/other/";
        _jenkins.Queue[7] = item;
        Assert.Empty((await KeysAsync(_jenkins.Adapter(), Key.Build("https://ci.acme.example/queue/item/7"))).Facts);
    }

    [Theory]
    [InlineData(true, GateStatus.Passed, Reason.None)]
    [InlineData(false, GateStatus.Waiting, Reason.Inconclusive)]
    public async Task A_replay_counts_as_the_option_says_and_a_rebuild_always(bool count, GateStatus status, Reason reason)
    {
        var replay = Given.Build(12, "SUCCESS", 'a');
        ((JsonArray)replay["actions"]!).Add(new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["_class"] = "org.jenkinsci.plugins.workflow.cps.replay.ReplayCause" }) });
        var rebuild = Given.Build(11, "SUCCESS", 'b');
        ((JsonArray)rebuild["actions"]!).Add(new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["_class"] = "com.sonyericsson.rebuild.RebuildCause" }, null) });
        _jenkins.Jobs["job/web-main"] = [replay, rebuild];
        var result = await SweepAsync(_jenkins.Adapter(change: o => o.CountReplays = count));
        Assert.Equal((status, reason), (result.State(12).Status, result.State(12).Reason));
        Assert.Equal(GateStatus.Passed, result.State(11).Status);
    }

    [Fact]
    public async Task Nothing_is_ever_posted_so_that_no_crumb_is_needed_and_a_password_works()
    {
        _jenkins.Jobs["job/web-main"] = [Given.Build(16, null, 'a')];
        _jenkins.Queue[143] = Item(143, "Waiting", blocked: false);
        var adapter = _jenkins.Adapter(change: static o => (o.UserName, o.ApiToken) = ("ann", "a-password"));
        await SweepAsync(adapter);
        await KeysAsync(adapter, Key.Build("https://ci.acme.example/queue/item/143"), Key.Build("https://ci.acme.example/job/web-main/16"));
        Assert.All(_jenkins.Methods, static m => Assert.Equal("GET", m));
        Assert.DoesNotContain(_jenkins.Requests, static r => r.Contains("crumbIssuer", StringComparison.Ordinal));
        Assert.All(_jenkins.Credentials, static c => Assert.StartsWith("Basic ", c, StringComparison.Ordinal));
    }

    private static JsonObject Run(string status, int active, int pause) => new()
    {
        ["id"] = "2014-10-16_13-07-52",
        ["name"] = "#16",
        ["status"] = status,
        ["durationMillis"] = (active + pause) * 1000,
        ["pauseDurationMillis"] = pause * 1000,
        ["stages"] = new JsonArray(new JsonObject { ["name"] = "Build", ["status"] = "SUCCESS" }, null, new JsonObject { ["name"] = "Deploy", ["status"] = status }),
    };

    private static JsonObject Item(int id, string? why, bool blocked) => new()
    {
        ["_class"] = "hudson.model.Queue$WaitingItem",
        ["id"] = id,
        ["why"] = why,
        ["blocked"] = blocked,
        ["buildable"] = false,
        ["stuck"] = false,
        ["inQueueSince"] = Given.Start.ToUnixTimeMilliseconds(),
        ["task"] = new JsonObject { ["name"] = "web-main", ["url"] = "https://ci.acme.example/job/web-main/" },
    };

    private static ValueTask<ProbeResult> SweepAsync(AdapterRegistration adapter, DateTimeOffset? at = null) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", SweepSince = Given.Start - TimeSpan.FromMinutes(5), At = at ?? Now }, default);

    private static ValueTask<ProbeResult> KeysAsync(AdapterRegistration adapter, params Key[] keys) =>
        adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "jenkins", Keys = [.. keys], At = Now }, default);
}
