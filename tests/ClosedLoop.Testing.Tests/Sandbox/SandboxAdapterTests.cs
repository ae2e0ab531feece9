using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Sandbox.Adapters;

namespace ClosedLoop.Testing.Tests.Sandbox;

public sealed class SandboxAdapterTests
{
    [Fact]
    public async Task A_sweep_alone_brings_every_image_rollout_check_and_veto_when_every_webhook_was_lost()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        var facts = await SweepAsync(run);

        var images = facts.Where(f => f.Kind == Gates.ImageBuilt).ToDictionary(f => f.Subject);
        Assert.All(images.Values, image => Assert.Single(image.Links, l => l.Is(KeySchemes.Commit)));
        var rollouts = facts.Where(f => f.Kind == Gates.RolledOut).ToList();
        Assert.All(rollouts, r => Assert.Subset(images.Keys.ToHashSet(), r.Links.ToHashSet()));
        Assert.All(rollouts, r => Assert.Equal($"environment:production/{r.Name}", r.Subject.ToString()));
        Assert.Equal(2 * run.Sandbox.Repositories.Count, rollouts.Select(r => r.Subject).Distinct().Count());
        Assert.Contains(rollouts, r => r is { Status: GateStatus.Running, Links.Count: 2 });
        Assert.All(rollouts.Where(r => r.Status != GateStatus.Running), r => Assert.Single(r.Links));
        // What runs everywhere at the end has been checked there since.
        foreach (var target in rollouts.GroupBy(r => r.Subject))
        {
            var runs = target.MaxBy(r => r.Ordinal)!;
            Assert.Equal(GateStatus.Passed, runs.Status);
            Assert.Contains(facts, f => f.Kind == Gates.Healthy && f.Subject == target.Key && f.Ordinal.Major == runs.Ordinal.Major && f.Status == GateStatus.Passed && f.Links.SetEquals(runs.Links));
        }
        Assert.Equal(run.Sandbox.Statistics.Rollbacks, facts.Count(f => f is { Kind: FactKinds.Veto, Status: GateStatus.Failed }));
        Assert.All(facts.Where(f => f.Kind == FactKinds.Veto), f => Assert.Contains(f.Subject, images.Keys));
    }

    [Fact]
    public async Task Webhooks_and_sweeps_bring_equal_facts_of_the_same_state()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, (_, _) => 202);
        var adapters = Adapters(run);
        var told = new List<Fact>();
        foreach (var hook in run.Hooks.Where(h => adapters.ContainsKey(h.Source)))
        {
            var adapter = adapters[hook.Source];
            Assert.True(adapter.Authenticator!.IsAuthentic(hook.ToDelivery()));
            var translation = adapter.Translator!.Translate(hook.ToDelivery());
            Assert.NotEqual(TranslationOutcome.Malformed, translation.Outcome);
            told.AddRange(translation.Facts);
        }
        var read = (await SweepAsync(run)).ToLookup(f => (f.Register, f.Ordinal));

        foreach (var fact in told.Where(f => f.Writer.Name == SandboxClusterAdapter.Name)) Assert.All(read[(fact.Register, fact.Ordinal)], r => Assert.Equal(fact, r));
        Assert.All(told.Where(f => f.Kind is Gates.Healthy), f => Assert.NotEmpty(read[(f.Register, f.Ordinal)]));
        // What is read of an image is more than what is told of it, and must win.
        foreach (var fact in told.Where(f => f.Kind == Gates.ImageBuilt))
        {
            var better = Assert.Single(read, r => r.Key.Register == fact.Register).Single();
            Assert.Equal(better, FactJoin.Join(fact, better));
            Assert.Equal(fact.OccurredAt, better.OccurredAt);
        }
        Assert.Contains(told, f => f.Kind == Gates.ImageBuilt);
        Assert.Contains(told, f => f is { Kind: Gates.RolledOut, Status: GateStatus.Failed });
        Assert.Contains(told, f => f is { Kind: Gates.Healthy, Status: GateStatus.Failed });
        Assert.Contains(told, f => f is { Kind: FactKinds.Veto });
    }

    [Fact]
    public async Task An_image_is_found_by_its_digest_and_by_the_landing_that_it_was_built_from()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        var probe = Adapters(run)["registry"].Probe!;
        var image = (await SweepAsync(run)).First(f => f.Kind == Gates.ImageBuilt);

        Assert.Equal([image], (await probe.ProbeAsync(Batch("registry", image.Subject), default)).Facts.AsEnumerable());
        Assert.Equal([image], (await probe.ProbeAsync(Batch("registry", image.Links.Single()), default)).Facts.AsEnumerable());
        Assert.Empty((await probe.ProbeAsync(Batch("registry", Key.Commit("acme/web", new string('0', 40))), default)).Facts);
    }

    [Fact]
    public async Task A_rollout_is_found_by_its_target_and_by_its_image_and_no_other_comes_along()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        var probe = Adapters(run)["cluster"].Probe!;
        var rollout = (await SweepAsync(run)).First(f => f is { Kind: Gates.RolledOut, Status: GateStatus.Passed });

        var byTarget = (await probe.ProbeAsync(Batch("cluster", rollout.Subject), default)).Facts;
        var byImage = (await probe.ProbeAsync(Batch("cluster", rollout.Links.Single()), default)).Facts;

        Assert.Contains(rollout, byTarget);
        Assert.All(byTarget, f => Assert.Equal(rollout.Subject, f.Subject));
        Assert.Contains(rollout, byImage);
        Assert.All(byImage, f => Assert.True(f.Subject == rollout.Links.Single() || f.Links.Contains(rollout.Links.Single())));
    }

    [Fact]
    public async Task What_has_run_for_long_is_told_in_every_sweep()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        var late = Sweep("cluster") with { SweepSince = DateTimeOffset.MaxValue };

        var facts = (await Adapters(run)["cluster"].Probe!.ProbeAsync(late, default)).Facts;

        Assert.Equal(2 * run.Sandbox.Repositories.Count, facts.Length);
        Assert.All(facts, f => Assert.Equal((Gates.RolledOut, GateStatus.Passed), (f.Kind, f.Status)));
    }

    [Fact]
    public async Task A_system_that_is_gone_is_unreachable_and_no_exception()
    {
        var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { GenerateFor = TimeSpan.FromMilliseconds(500) }, answer: null);
        var adapters = Adapters(run);
        await run.Sandbox.DisposeAsync();
        await using (run)
        {
            foreach (var adapter in adapters.Values)
                Assert.Equal(ProbeOutcome.Unreachable, (await adapter.Probe!.ProbeAsync(Sweep(adapter.Name), default)).Outcome);
        }
    }

    [Fact]
    public async Task A_wrong_secret_is_not_authentic_and_garbage_is_malformed()
    {
        await using var sandbox = await DeliverySandbox.StartAsync(SandboxRun.Fast, TimeProvider.System);
        using var http = new HttpClient();
        AdapterRegistration[] adapters = [SandboxRegistryAdapter.Create(sandbox, http), SandboxClusterAdapter.Create(sandbox, http)];
        byte[][] bodies = [Encoding.UTF8.GetBytes("{"), Encoding.UTF8.GetBytes("[]"), Encoding.UTF8.GetBytes("null"), []];
        foreach (var adapter in adapters)
        {
            foreach (byte[] body in bodies)
            {
                var forged = new Hook(adapter.Name, new Dictionary<string, string> { ["Authorization"] = "Bearer x", ["X-Signature"] = "sha256=00" }, body).ToDelivery();
                Assert.False(adapter.Authenticator!.IsAuthentic(forged));
                Assert.False(adapter.Authenticator.IsAuthentic(new Hook(adapter.Name, new Dictionary<string, string>(), body).ToDelivery()));
                Assert.Equal(TranslationOutcome.Malformed, adapter.Translator!.Translate(forged).Outcome);
            }
        }
        Assert.Equal(202, adapters[0].MalformedStatusCode);
    }

    private static async Task<List<Fact>> SweepAsync(SandboxRun run)
    {
        var facts = new List<Fact>();
        foreach (var adapter in Adapters(run).Values)
        {
            var result = await adapter.Probe!.ProbeAsync(Sweep(adapter.Name), default);
            Assert.Equal(ProbeOutcome.Reached, result.Outcome);
            Assert.All(result.Facts, f => Assert.Contains(f.Writer, adapter.Writers));
            facts.AddRange(result.Facts);
        }
        return facts;
    }

    private static Dictionary<string, AdapterRegistration> Adapters(SandboxRun run) => new()
    {
        [SandboxRegistryAdapter.Name] = SandboxRegistryAdapter.Create(run.Sandbox, run.Http),
        [SandboxClusterAdapter.Name] = SandboxClusterAdapter.Create(run.Sandbox, run.Http),
    };

    private static ProbeBatch Sweep(string source) => new() { Source = source, At = DateTimeOffset.UnixEpoch, SweepSince = DateTimeOffset.UnixEpoch };

    private static ProbeBatch Batch(string source, Key key) => new() { Source = source, At = DateTimeOffset.UnixEpoch, Keys = [key] };
}
