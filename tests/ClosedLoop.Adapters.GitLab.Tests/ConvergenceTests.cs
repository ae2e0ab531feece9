using System.Text;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.GitLab.Tests;

/// <summary>Whatever is lost, doubled or late: the record ends in the same place.</summary>
public sealed class ConvergenceTests : IAsyncLifetime
{
    private static readonly string[] All = [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi, Gates.RolledOut];
    private FakeGitLab _gitlab = null!;

    public async Task InitializeAsync() => _gitlab = await FakeGitLab.StartAsync();

    public async Task DisposeAsync() => await _gitlab.DisposeAsync();

    [Fact]
    public async Task Polling_alone_closes_every_gate()
    {
        using var engine = new Engine(_gitlab);
        foreach (var step in Story()) step();
        await engine.SweepAsync();
        await engine.SweepAsync();
        await ExpectAllPassedAsync(engine);
    }

    [Fact]
    public async Task Webhooks_alone_close_every_gate()
    {
        using var engine = new Engine(_gitlab);
        foreach (var step in Story()) await engine.SendAsync(step());
        await ExpectAllPassedAsync(engine);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Any_mix_in_any_order_and_twice_ends_the_same(int seed)
    {
        var random = new Random(seed);
        using var engine = new Engine(_gitlab);
        var hooks = new List<JsonObject>();
        foreach (var step in Story())
        {
            var hook = step();
            if (random.Next(4) > 0) hooks.AddRange([hook, hook]);
            if (random.Next(3) == 0) await engine.SweepAsync();
        }
        foreach (var hook in hooks.OrderBy(_ => random.Next())) await engine.SendAsync(hook);
        await engine.SweepAsync();
        await ExpectAllPassedAsync(engine);
    }

    [Fact]
    public async Task Both_paths_say_the_same_in_every_register_once_things_have_ended()
    {
        var adapter = _gitlab.Adapter();
        var hooks = new List<Fact>();
        var polls = new List<Fact>();
        foreach (var step in Story())
        {
            hooks.AddRange(Given.Translator().Translate(Given.Delivery(step())).Facts);
            polls.AddRange((await adapter.Probe!.ProbeAsync(Sweep(_gitlab), CancellationToken.None)).Facts);
        }
        var told = Given.Registers(hooks);
        var seen = Given.Registers(polls);
        Assert.NotEmpty(told);
        // What approvals come to is read anew with each look, so it is as of the merge request's last update, which is the merge.
        foreach (var (register, fact) in told) Assert.Equal(fact.Kind == Gates.Reviewed ? fact with { Ordinal = seen[register].Ordinal } : fact, seen[register]);
        Assert.All(seen.Keys.Except(told.Keys), static r => Assert.Contains(" head ", r, StringComparison.Ordinal));
        // In the order in which they come the two paths never disagree about the end.
        var random = new Random(7);
        Assert.Equal(seen.Values, Given.Registers(hooks.Concat(polls).Concat(hooks).OrderBy(_ => random.Next())).Values);
    }

    [Fact]
    public async Task A_withdrawn_approval_and_a_rollback_whose_webhooks_were_lost_are_found()
    {
        using var engine = new Engine(_gitlab);
        foreach (var step in Story()) await engine.SendAsync(step());
        await engine.SweepAsync();
        _gitlab.Clock.Advance(TimeSpan.FromMinutes(5));
        _gitlab.Deploy(16, 1, "success");
        await engine.SweepAsync();
        var rolledBack = await engine.GateAsync(4, Gates.RolledOut);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), (rolledBack.Status, rolledBack.Reason));
        _gitlab.Open(5, 11, "");
        _gitlab.Approve(5);
        await engine.SweepAsync();
        Assert.Equal(GateStatus.Passed, (await engine.GateAsync(5, Gates.Reviewed)).Status);
        _gitlab.Clock.Advance(TimeSpan.FromMinutes(5));
        _gitlab.Unapprove(5);
        await engine.SweepAsync();
        Assert.NotEqual(GateStatus.Passed, (await engine.GateAsync(5, Gates.Reviewed)).Status);
    }

    [Fact]
    public async Task One_green_pipeline_closes_what_landed_before_it_and_a_force_push_reopens_what_it_took()
    {
        using var engine = new Engine(_gitlab);
        for (int i = 2; i <= 4; i++)
        {
            _gitlab.Commit(i, $"Change {i}", i - 1);
            await engine.SendAsync(_gitlab.Open(i, 100 + i, ""));
            await engine.SendAsync(_gitlab.Merge(i, i));
            _gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await engine.SweepAsync();
        await engine.SendAsync(_gitlab.Pipeline(31, 4, "success"));
        for (int i = 2; i <= 4; i++) Assert.Equal(GateStatus.Passed, (await engine.GateAsync(i, Gates.MainCi)).Status);
        _gitlab.Branches["main"] = _gitlab.Commit(9, "Another way", 2);
        await engine.SweepAsync();
        Assert.Equal(GateStatus.Passed, (await engine.GateAsync(2, Gates.Merged)).Status);
        for (int i = 3; i <= 4; i++) Assert.Equal((GateStatus.Failed, Reason.Regressed), ((await engine.GateAsync(i, Gates.Merged)).Status, (await engine.GateAsync(i, Gates.Merged)).Reason));
    }

    [Fact]
    public async Task A_delivery_without_the_token_moves_nothing()
    {
        using var engine = new Engine(_gitlab);
        var body = Encoding.UTF8.GetBytes(_gitlab.Open(4, 10).ToJsonString());
        var result = await engine.ReceiveAsync(Given.Delivery(body, ("X-Gitlab-Token", "")));
        Assert.Equal(WebhookOutcome.Unauthorized, result.Outcome);
        Assert.Empty(await engine.Store.FindItemsAsync(["item:BL-42", "BL-42"], CancellationToken.None));
    }

    // From an opened merge request to what runs, with a draft, a push, a retry and a failure on the way. A minute lies between two steps.
    private IEnumerable<Func<JsonObject>> Story() => Story(_gitlab);

    internal static IEnumerable<Func<JsonObject>> Story(FakeGitLab gitlab)
    {
        gitlab.Commit(20, "Merge branch 'fix-4' into 'main'\n\nSee merge request acme/platform/web!4", 1);
        Func<JsonObject>[] steps =
        [
            () => gitlab.Open(4, 10, draft: true),
            () => gitlab.Update(4, static m => (m["draft"], m["sha"]) = (false, FakeGitLab.Sha(11))),
            () => gitlab.Pipeline(30, 11, "success", "refs/merge-requests/4/head", "merge_request_event"),
            () => gitlab.Approve(4),
            () => gitlab.Merge(4, 20),
            () => gitlab.Push(20, (20, "Merge branch 'fix-4' into 'main'\n\nSee merge request acme/platform/web!4")),
            () => gitlab.Pipeline(31, 20, "running"),
            () => gitlab.Pipeline(31, 20, "failed"),
            () => gitlab.Pipeline(31, 20, "running"),
            () => gitlab.Pipeline(31, 20, "success"),
            () => gitlab.Deploy(15, 20, "running"),
            () => gitlab.Deploy(15, 20, "success"),
        ];
        return steps.Select(step => (Func<JsonObject>)(() =>
        {
            gitlab.Clock.Advance(TimeSpan.FromMinutes(1));
            return step();
        }));
    }

    private static async Task ExpectAllPassedAsync(Engine engine)
    {
        foreach (string gate in All)
        {
            var view = await engine.GateAsync(4, gate);
            Assert.Equal((gate, GateStatus.Passed, gate is Gates.PrOpened or Gates.Reviewed ? FakeGitLab.Sha(11) : FakeGitLab.Sha(20)), (gate, view.Status, view.Revision));
        }
    }

    private static ProbeBatch Sweep(FakeGitLab gitlab) => new() { Source = "gitlab", SweepSince = Given.Start.AddDays(-1), At = gitlab.Clock.GetUtcNow() };

    private sealed class Engine : IDisposable
    {
        private readonly FakeGitLab _gitlab;
        private readonly AdapterRegistration _adapter;
        private readonly ServiceProvider _services;
        private int _deliveries;

        public Engine(FakeGitLab gitlab)
        {
            _gitlab = gitlab;
            _adapter = gitlab.Adapter();
            var services = new ServiceCollection();
            services.AddSingleton<TimeProvider>(gitlab.Clock);
            services.AddClosedLoop(loop => loop.AddAdapter(_ => _adapter));
            _services = services.BuildServiceProvider();
        }

        public ILoopStore Store => _services.GetRequiredService<ILoopStore>();

        public void Dispose() => _services.Dispose();

        public async Task<WebhookResult> ReceiveAsync(WebhookDelivery delivery) => await _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery with { ReceivedAt = _gitlab.Clock.GetUtcNow() });

        public async Task SendAsync(JsonObject hook)
        {
            var result = await ReceiveAsync(Given.Delivery(hook, ("Idempotency-Key", $"delivery-{_deliveries++}")));
            Assert.True(result.Outcome is WebhookOutcome.Accepted or WebhookOutcome.Ignored, $"{result.Outcome}: {result.Detail}");
        }

        public async Task SweepAsync()
        {
            var result = await _adapter.Probe!.ProbeAsync(Sweep(_gitlab), CancellationToken.None);
            Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
            var taken = await _services.GetRequiredService<IIntake>().SubmitAsync(new Submission
            {
                Source = "gitlab",
                ReceivedAt = _gitlab.Clock.GetUtcNow(),
                Facts = result.Facts,
                History = result.History,
                Writers = _adapter.Writers,
            });
            Assert.Empty(taken.Refusals);
        }

        public async Task<GateView> GateAsync(int iid, string gate) =>
            Assert.Single(await Store.FindItemsAsync([_gitlab.MergeRequests[iid]["description"]!.ToString().Contains("BL-42", StringComparison.Ordinal) ? "BL-42" : $"pr:acme/platform/web#{iid}"], CancellationToken.None)).State.Gate(gate)!;
    }
}
