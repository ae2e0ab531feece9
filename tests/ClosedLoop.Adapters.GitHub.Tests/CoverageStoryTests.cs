using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>What GitHub says of lines, through the engine: the webhooks and looks of the adapter are all that it knows.</summary>
public sealed class CoverageStoryTests : IDisposable
{
    private readonly FakeGitHub _github = new();
    private readonly AdapterRegistration _adapter;
    private readonly ServiceProvider _services;
    private int _deliveries;

    public CoverageStoryTests()
    {
        var options = Hook.Options(static o =>
        {
            o.Token = "ghp_secret_token";
            o.TargetBranches.Add("main");
            o.TargetBranches.Add("release/1");
        });
        _adapter = GitHubAdapter.Create(options, new HttpClient(_github, disposeHandler: false), _github.Clock);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_github.Clock);
        services.AddClosedLoop(loop => loop.AddAdapter(_ => _adapter));
        _services = services.BuildServiceProvider();

        // Three pull requests landed on main, at the commits 2, 3 and 4.
        _github.Lines.Chain(4);
    }

    public void Dispose()
    {
        _services.Dispose();
        _github.Dispose();
    }

    [Fact]
    public async Task One_green_commit_closes_what_landed_before_it()
    {
        await LandAsync(1, 2, 3);
        _github.Checks("SUCCESS", FakeLines.Sha(4), Payloads.CheckRun("completed", "success", 40, 50, sha: FakeLines.Sha(4)));
        await SweepAsync();
        for (int pull = 1; pull <= 3; pull++)
        {
            var gate = await GateAsync(pull, Gates.MainCi);
            Assert.Equal((GateStatus.Passed, FakeLines.Sha(4)), (gate.Status, gate.Revision));
        }
    }

    [Fact]
    public async Task A_push_alone_asks_for_the_look_that_connects_the_line()
    {
        await LandAsync(1, 2, 3);
        await SendAsync("push", Payloads.Push(FakeLines.Sha(4), 4, commits: [("Change", true)]));
        var due = await _services.GetRequiredService<ILoopStore>().ClaimDueAsync(
            new ClaimRequest { Now = _github.Clock.GetUtcNow().AddSeconds(6), Lease = TimeSpan.FromMinutes(1), Kind = "sweep:github", Limit = 1 }, CancellationToken.None);
        Assert.Single(due);
    }

    [Fact]
    public async Task What_git_revert_undid_by_hand_and_a_merge_commit_brought_in_is_reopened()
    {
        await LandAsync(1, 2, 3);
        await SweepAsync();
        Assert.Equal(GateStatus.Passed, (await GateAsync(2, Gates.Merged)).Status);
        string said = $"This reverts commit {FakeLines.Sha(3)}.";
        _github.Lines.Commit(6, $"Revert \"Second\"\n\n{said}", 4);
        _github.Lines.Branches["main"] = _github.Lines.Commit(5, "Merge pull request #4 from acme/back-it-goes\n\nRevert \"Second\"", 4, 6);
        await SendAsync("pull_request", Payloads.Merged(5, 5, p => (p["title"], p["body"]) = ("Revert \"Second\"", said), number: 4, landing: FakeLines.Sha(5)));
        await SweepAsync();
        var reverted = await GateAsync(2, Gates.Merged);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), (reverted.Status, reverted.Reason));
        Assert.Equal(GateStatus.Passed, (await GateAsync(1, Gates.Merged)).Status);
        Assert.Equal(GateStatus.Passed, (await GateAsync(3, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_merged_revert_pull_request_reopens_what_it_undoes_and_nothing_else()
    {
        await LandAsync(1, 2, 3);
        await SweepAsync();
        Assert.Equal(GateStatus.Passed, (await GateAsync(2, Gates.Merged)).Status);
        _github.Lines.Branches["main"] = _github.Lines.Commit(5, "Revert \"Second\" (#4)", 4);
        await SendAsync("pull_request", Payloads.Merged(5, 5, static p => (p["title"], p["body"]) = ("Revert \"Second\"", "Reverts acme/web#2"), number: 4, landing: FakeLines.Sha(5)));
        await SweepAsync();
        var reverted = await GateAsync(2, Gates.Merged);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), (reverted.Status, reverted.Reason));
        Assert.Equal(GateStatus.Passed, (await GateAsync(1, Gates.Merged)).Status);
        Assert.Equal(GateStatus.Passed, (await GateAsync(3, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_revert_commit_that_was_pushed_by_hand_is_found_in_the_history_though_no_webhook_told_of_it()
    {
        await LandAsync(1, 2, 3);
        await SweepAsync();
        _github.Lines.Branches["main"] = _github.Lines.Commit(5, $"Revert \"Second\"\n\nThis reverts commit {FakeLines.Sha(3)}.", 4);
        await SweepAsync();
        Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await GateAsync(2, Gates.Merged)).Status, (await GateAsync(2, Gates.Merged)).Reason));
        Assert.Equal(GateStatus.Passed, (await GateAsync(3, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_revert_of_a_revert_that_was_pushed_by_hand_brings_back_what_the_first_one_took()
    {
        await LandAsync(1, 2, 3);
        _github.Lines.Commit(5, $"Revert \"Second\"\n\nThis reverts commit {FakeLines.Sha(3)}.", 4);
        _github.Lines.Branches["main"] = _github.Lines.Commit(6, $"Reapply \"Second\"\n\nThis reverts commit {FakeLines.Sha(5)}.", 5);
        await SweepAsync();
        Assert.Equal(GateStatus.Passed, (await GateAsync(2, Gates.Merged)).Status);
    }

    [Fact]
    public async Task A_merged_revert_of_a_revert_brings_back_what_the_first_one_took()
    {
        await LandAsync(1, 2, 3);
        for (int pull = 4; pull <= 5; pull++)
        {
            _github.Lines.Branches["main"] = _github.Lines.Commit(pull + 1, $"Revert (#{pull})", pull);
            await SendAsync("pull_request", Payloads.Merged(pull + 1, pull + 1, p => p["body"] = $"Reverts #{(pull == 4 ? 2 : 4)}", number: pull, landing: FakeLines.Sha(pull + 1)));
            await SweepAsync();
            Assert.Equal(pull == 4 ? GateStatus.Failed : GateStatus.Passed, (await GateAsync(2, Gates.Merged)).Status);
        }
        Assert.Equal(Reason.Regressed, (await GateAsync(4, Gates.Merged)).Reason);
    }

    [Fact]
    public async Task A_force_push_whose_webhook_was_lost_reopens_what_it_took_away()
    {
        await LandAsync(1, 2, 3);
        await SweepAsync();
        // Back to the second commit, and on from there.
        _github.Lines.Branches["main"] = _github.Lines.Commit(7, "Another way", 2);
        await SweepAsync();
        Assert.Equal(GateStatus.Passed, (await GateAsync(1, Gates.Merged)).Status);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await GateAsync(2, Gates.Merged)).Status, (await GateAsync(2, Gates.Merged)).Reason));
        Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await GateAsync(3, Gates.Merged)).Status, (await GateAsync(3, Gates.Merged)).Reason));
    }

    [Fact]
    public async Task A_rollback_reopens_exactly_what_it_took_away()
    {
        await LandAsync(1, 2, 3);
        await SweepAsync();
        await DeployAsync(31, 4, 60);
        for (int pull = 1; pull <= 3; pull++) Assert.Equal(GateStatus.Passed, (await GateAsync(pull, Gates.RolledOut)).Status);
        await DeployAsync(32, 2, 90);
        Assert.Equal(GateStatus.Passed, (await GateAsync(1, Gates.RolledOut)).Status);
        for (int pull = 2; pull <= 3; pull++) Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await GateAsync(pull, Gates.RolledOut)).Status, (await GateAsync(pull, Gates.RolledOut)).Reason));
        // The older one reports late that it was fine; it does not run any more.
        await DeployAsync(31, 4, 120);
        Assert.Equal(GateStatus.Failed, (await GateAsync(3, Gates.RolledOut)).Status);
    }

    [Fact]
    public async Task A_cherry_pick_to_a_release_line_is_a_landing_of_its_own()
    {
        await LandAsync(1, 2, 3);
        _github.Lines.Commit(8, $"Third\n\n(cherry picked from commit {FakeLines.Sha(4)})", 2);
        _github.Lines.Branches["release/1"] = FakeLines.Sha(8);
        await SweepAsync();
        await DeployAsync(31, 8, 60);
        Assert.NotEqual(GateStatus.Passed, (await GateAsync(2, Gates.RolledOut)).Status);
        // The release runs the pick, and so the change; what was not picked is not there.
        Assert.Equal(GateStatus.Passed, (await GateAsync(1, Gates.RolledOut)).Status);
        Assert.Equal(GateStatus.Passed, (await GateAsync(3, Gates.RolledOut)).Status);
    }

    private async Task LandAsync(params int[] pulls)
    {
        foreach (int pull in pulls)
        {
            var payload = Payloads.Merged(pull + 1, pull + 1, static p => p["body"] = "Small fix.", number: pull, landing: FakeLines.Sha(pull + 1));
            await SendAsync("pull_request", payload);
        }
    }

    private async Task DeployAsync(long id, int commit, int at) =>
        await SendAsync("deployment_status", Payloads.DeploymentStatus("success", at, id, status: 1000 + at).With(p => p["deployment"]!["sha"] = FakeLines.Sha(commit)));

    private async Task SendAsync(string name, JsonObject payload)
    {
        var delivery = Hook.Delivery(name, Encoding.UTF8.GetBytes(payload.ToJsonString()), id: $"delivery-{_deliveries++}") with { ReceivedAt = _github.Clock.GetUtcNow() };
        var result = await _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery);
        Assert.Equal((WebhookOutcome.Accepted, "recorded"), (result.Outcome, result.Detail));
    }

    private async Task SweepAsync()
    {
        _github.Clock.Advance(TimeSpan.FromMinutes(1));
        var result = await _adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "github", SweepSince = _github.Clock.GetUtcNow(), At = _github.Clock.GetUtcNow() }, CancellationToken.None);
        Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
        var taken = await _services.GetRequiredService<IIntake>().SubmitAsync(new Submission
        {
            Source = "github",
            ReceivedAt = _github.Clock.GetUtcNow(),
            Facts = result.Facts,
            History = result.History,
            Writers = _adapter.Writers,
        });
        Assert.Equal((SubmissionOutcome.Committed, 0), (taken.Outcome, taken.Refusals.Count));
    }

    private async Task<ItemState> StateAsync(int pull) =>
        Assert.Single(await _services.GetRequiredService<ILoopStore>().FindItemsAsync([$"pr:acme/web#{pull}"], CancellationToken.None)).State;

    private async Task<GateView> GateAsync(int pull, string gate) => (await StateAsync(pull)).Gate(gate)!;
}
