using ClosedLoop.Adapters;
using ClosedLoop.Adapters.Kubernetes;
using ClosedLoop.Adapters.Oci;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The real adapters of registries and clusters against the sandbox's, over HTTP.</summary>
public sealed class SandboxAdapterTests
{
    [Fact]
    public async Task A_sweep_alone_brings_every_image_and_what_runs_where_when_every_webhook_was_lost()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        var facts = await SweepAsync(run);

        var images = facts.Where(f => f.Kind == Gates.ImageBuilt).ToDictionary(f => f.Subject);
        Assert.All(images.Values, image => Assert.Single(image.Links, l => l.Is(KeySchemes.Commit)));
        var rollouts = facts.Where(f => f.Kind == Gates.RolledOut).ToList();
        Assert.Equal(2 * run.Sandbox.Repositories.Count, rollouts.Count);
        Assert.All(rollouts, r => Assert.Equal((GateStatus.Passed, $"environment:{DeliverySandbox.Namespace}/{r.Name}"), (r.Status, r.Subject.ToString())));
        foreach (var rollout in rollouts)
        {
            // What its pods run is an image of a commit, and it is healthy.
            var commits = images[Assert.Single(rollout.Links)].Links.Where(l => l.Is(KeySchemes.Commit));
            Assert.Contains(run.Sandbox.Repositories, r => commits.Single().Value.StartsWith(r + "@", StringComparison.Ordinal));
            Assert.Single(facts, f => f is { Kind: Gates.Healthy, Status: GateStatus.Passed } && f.Subject == rollout.Subject && f.Links.SetEquals(rollout.Links) && f.OccurredAt >= rollout.OccurredAt);
        }
    }

    [Fact]
    public async Task A_notification_announces_what_the_registry_then_shows()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, (_, _) => 202);
        var adapter = Adapters(run)[0];
        var told = new List<Fact>();
        foreach (var hook in run.Hooks.Where(h => h.Source == adapter.Name))
        {
            Assert.True(adapter.Authenticator!.IsAuthentic(hook.ToDelivery()));
            var translation = adapter.Translator!.Translate(hook.ToDelivery());
            Assert.NotEqual(TranslationOutcome.Malformed, translation.Outcome);
            told.AddRange(translation.Facts);
        }
        var read = (await SweepAsync(run)).ToLookup(f => f.Register);

        Assert.NotEmpty(told);
        Assert.All(told, fact =>
        {
            // What is read of an image is more than what is told of it, and must win.
            var better = Assert.Single(read[fact.Register]);
            Assert.Equal(better, FactJoin.Join(fact, better));
            Assert.Equal(fact.OccurredAt, better.OccurredAt);
        });
    }

    [Fact]
    public async Task An_image_is_found_by_its_digest_and_by_the_landing_that_it_was_built_from()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast, answer: null);
        var image = (await SweepAsync(run)).First(f => f.Kind == Gates.ImageBuilt && !f.Links.Any(l => l.Is(KeySchemes.Image)));
        var commit = image.Links.Single(l => l.Is(KeySchemes.Commit));

        Assert.Contains(image, await ReadAsync(image.Subject));
        Assert.Contains(image, await ReadAsync(commit));
        Assert.Empty(await ReadAsync(Key.Commit("acme/web", new string('0', 40))));

        async Task<IEnumerable<Fact>> ReadAsync(Key key)
        {
            var adapter = Adapters(run)[0];
            return (await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = adapter.Name, At = DateTimeOffset.UnixEpoch, Keys = [key] }, default)).Facts;
        }
    }

    [Fact]
    public async Task A_wrong_password_or_token_lets_nobody_in()
    {
        await using var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { GenerateFor = TimeSpan.FromMilliseconds(500) }, answer: null);

        foreach (var adapter in Adapters(run, run.Sandbox.Secrets with { RegistryPassword = "guessed-password", ClusterToken = "guessed-token" }))
            Assert.NotEqual(ProbeOutcome.Reached, (await adapter.Probe!.ProbeAsync(Sweep(adapter.Name), default)).Outcome);
    }

    [Fact]
    public async Task A_system_that_is_gone_is_unreachable_and_no_exception()
    {
        var run = await SandboxRun.FinishAsync(SandboxRun.Fast with { GenerateFor = TimeSpan.FromMilliseconds(500) }, answer: null);
        var adapters = Adapters(run);
        await run.Sandbox.DisposeAsync();
        await using (run)
        {
            foreach (var adapter in adapters)
                Assert.Equal(ProbeOutcome.Unreachable, (await adapter.Probe!.ProbeAsync(Sweep(adapter.Name), default)).Outcome);
        }
    }

    private static async Task<List<Fact>> SweepAsync(SandboxRun run)
    {
        var facts = new List<Fact>();
        foreach (var adapter in Adapters(run))
        {
            var result = await adapter.Probe!.ProbeAsync(Sweep(adapter.Name), default);
            Assert.Equal(ProbeOutcome.Reached, result.Outcome);
            Assert.Empty(result.Diagnostics);
            Assert.All(result.Facts, f => Assert.Contains(f.Writer, adapter.Writers));
            facts.AddRange(result.Facts);
        }
        return facts;
    }

    /// <summary>The registry's and the cluster's.</summary>
    private static AdapterRegistration[] Adapters(SandboxRun run, SandboxSecrets? secrets = null)
    {
        secrets ??= run.Sandbox.Secrets;
        var interval = TimeSpan.FromSeconds(1);
        return
        [
            OciAdapter.Create(SandboxProviders.Registry(run.Sandbox.Addresses, secrets, run.Sandbox.Repositories, interval), run.Http, TimeProvider.System),
            KubernetesAdapter.Create(SandboxProviders.Cluster(run.Sandbox.Addresses, secrets, interval), run.Http, TimeProvider.System),
        ];
    }

    private static ProbeBatch Sweep(string source) => new() { Source = source, At = DateTimeOffset.UnixEpoch, SweepSince = DateTimeOffset.UnixEpoch };
}
