using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.Gitea.Tests;

/// <summary>Whatever is lost, doubled or late: the record ends in the same place.</summary>
public sealed class ConvergenceTests : IAsyncLifetime
{
    private static readonly string[] All = [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi];
    private FakeGitea _gitea = null!;

    public async Task InitializeAsync() => _gitea = await FakeGitea.StartAsync();

    public async Task DisposeAsync() => await _gitea.DisposeAsync();

    [Fact]
    public async Task Polling_alone_closes_every_gate()
    {
        using var engine = new Engine(_gitea);
        foreach (var step in Story()) step();
        await engine.SweepAsync();
        await engine.SweepAsync();
        await ExpectAllPassedAsync(engine);
    }

    [Fact]
    public async Task Webhooks_alone_close_every_gate_with_or_without_a_token()
    {
        foreach (Action<GiteaOptions> change in new Action<GiteaOptions>[] { static o => o.Token = null, static o => o.CompleteChecks.Add("ci.yml") })
        {
            using var engine = new Engine(_gitea, change);
            foreach (var step in Story()) await engine.SendAsync(step());
            await ExpectAllPassedAsync(engine);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public async Task Any_mix_in_any_order_and_twice_ends_the_same(int seed, bool named)
    {
        var random = new Random(seed);
        using var engine = new Engine(_gitea, o =>
        {
            if (named) o.CompleteChecks.Add("ci.yml");
        });
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
    public async Task Both_paths_say_the_same_in_every_register_that_both_have()
    {
        static void Named(GiteaOptions options)
        {
            options.Token = FakeGitea.Token;
            options.CompleteChecks.Add("ci.yml");
        }

        var adapter = _gitea.Adapter(Named);
        var hooks = new List<Fact>();
        var polls = new List<Fact>();
        foreach (var step in Story())
        {
            hooks.AddRange(Given.Translator(Named).Translate(Given.Delivery(step())).Facts);
            polls.AddRange((await adapter.Probe!.ProbeAsync(Sweep(_gitea), CancellationToken.None)).Facts);
        }
        var told = Given.Registers(hooks);
        var seen = Given.Registers(polls);
        foreach (var (register, fact) in told)
        {
            // A webhook does not tell a review's id and address.
            var other = seen[register];
            Assert.Equal(fact.Kind == Gates.Reviewed ? fact with { Ordinal = other.Ordinal, Evidence = other.Evidence } : fact, other);
        }
        var random = new Random(7);
        var mixed = Given.Registers(hooks.Concat(polls).Concat(hooks).OrderBy(_ => random.Next()));
        foreach (var (register, fact) in seen) Assert.Equal(fact, mixed[register]);
    }

    [Fact]
    public async Task A_delivery_with_an_empty_signature_moves_nothing()
    {
        using var engine = new Engine(_gitea);
        var result = await engine.ReceiveAsync(Given.Delivery(_gitea.Open(7, 10), secret: ""));
        Assert.Equal(WebhookOutcome.Unauthorized, result.Outcome);
        Assert.Empty(await engine.Store.FindItemsAsync(["BL-42"], CancellationToken.None));
    }

    [Fact]
    public async Task One_green_commit_closes_what_landed_before_it_and_a_force_push_reopens_what_it_took()
    {
        using var engine = new Engine(_gitea);
        for (int i = 2; i <= 4; i++)
        {
            _gitea.Commit(i, $"Change (#{i})", i - 1);
            await engine.SendAsync(_gitea.Open(i, 100 + i, ""));
            await engine.SendAsync(_gitea.Merge(i, i));
            _gitea.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        _gitea.Status(4, "ci/woodpecker", "success");
        await engine.SweepAsync();
        for (int i = 2; i <= 4; i++) Assert.Equal(GateStatus.Passed, (await engine.GateAsync($"pr:acme/web#{i}", Gates.MainCi)).Status);
        _gitea.Branches["main"] = _gitea.Commit(9, "Another way", 2);
        await engine.SweepAsync();
        Assert.Equal(GateStatus.Passed, (await engine.GateAsync("pr:acme/web#2", Gates.Merged)).Status);
        for (int i = 3; i <= 4; i++) Assert.Equal(Reason.Regressed, (await engine.GateAsync($"pr:acme/web#{i}", Gates.Merged)).Reason);
    }

    // From an opened pull request to a green line, with a push, a refusal, a failure and a run again on the way. A minute lies between two steps.
    private IEnumerable<Func<JsonObject>> Story() => Story(_gitea);

    internal static IEnumerable<Func<JsonObject>> Story(FakeGitea gitea)
    {
        if (!gitea.Commits.Exists(static c => c["sha"]!.ToString() == FakeGitea.Sha(20))) gitea.Commit(20, "Merge pull request 'A change' (#7) from fix-7 into main", 1, 11);
        Func<JsonObject>[] steps =
        [
            () => gitea.Open(7, 10),
            () => gitea.Review(7, "REQUEST_CHANGES"),
            () => gitea.Synchronize(7, 11),
            () => gitea.Status(11, "CI / test (pull_request)", "success"),
            () => gitea.Review(7, "APPROVED"),
            () => gitea.Merge(7, 20),
            () => gitea.Push(20, (20, "Merge pull request 'A change' (#7) from fix-7 into main")),
            () => gitea.Run(5, 20, "in_progress"),
            () => gitea.Status(20, "CI / test (push)", "failure"),
            () => gitea.Run(5, 20, "completed", "failure"),
            () => gitea.Run(5, 20, "in_progress", attempt: 2),
            () => gitea.Status(20, "CI / test (push)", "success"),
            () => gitea.Run(5, 20, "completed", "success", attempt: 2),
        ];
        return steps.Select(step => (Func<JsonObject>)(() =>
        {
            gitea.Clock.Advance(TimeSpan.FromMinutes(1));
            return step();
        }));
    }

    private static async Task ExpectAllPassedAsync(Engine engine)
    {
        foreach (string gate in All)
        {
            var view = await engine.GateAsync("BL-42", gate);
            Assert.Equal((gate, GateStatus.Passed, gate is Gates.PrOpened or Gates.Reviewed ? FakeGitea.Sha(11) : FakeGitea.Sha(20)), (gate, view.Status, view.Revision));
        }
    }

    private static ProbeBatch Sweep(FakeGitea gitea) => new() { Source = "gitea", SweepSince = Given.Start.AddDays(-1), At = gitea.Clock.GetUtcNow() };

    private sealed class Engine : IDisposable
    {
        private readonly FakeGitea _gitea;
        private readonly AdapterRegistration _adapter;
        private readonly ServiceProvider _services;
        private int _deliveries;

        public Engine(FakeGitea gitea, Action<GiteaOptions>? change = null)
        {
            _gitea = gitea;
            _adapter = gitea.Adapter(change);
            var services = new ServiceCollection();
            services.AddSingleton<TimeProvider>(gitea.Clock);
            services.AddClosedLoop(loop => loop.AddAdapter(_ => _adapter));
            _services = services.BuildServiceProvider();
        }

        public ILoopStore Store => _services.GetRequiredService<ILoopStore>();

        public void Dispose() => _services.Dispose();

        public async Task<WebhookResult> ReceiveAsync(WebhookDelivery delivery) => await _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(delivery with { ReceivedAt = _gitea.Clock.GetUtcNow() });

        public async Task SendAsync(JsonObject hook)
        {
            var result = await ReceiveAsync(Given.Delivery(hook, id: $"delivery-{_deliveries++}"));
            Assert.True(result.Outcome is WebhookOutcome.Accepted or WebhookOutcome.Ignored, $"{result.Outcome}: {result.Detail}");
        }

        public async Task SweepAsync()
        {
            var result = await _adapter.Probe!.ProbeAsync(Sweep(_gitea), CancellationToken.None);
            Assert.Equal((ProbeOutcome.Reached, null), (result.Outcome, result.Detail));
            var taken = await _services.GetRequiredService<IIntake>().SubmitAsync(new Submission
            {
                Source = "gitea",
                ReceivedAt = _gitea.Clock.GetUtcNow(),
                Facts = result.Facts,
                History = result.History,
                Writers = _adapter.Writers,
            });
            Assert.Empty(taken.Refusals);
        }

        public async Task<GateView> GateAsync(string item, string gate) => Assert.Single(await Store.FindItemsAsync([item], CancellationToken.None)).State.Gate(gate)!;
    }
}
