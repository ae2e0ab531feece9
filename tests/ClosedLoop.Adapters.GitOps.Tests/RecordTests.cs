using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.GitOps.Tests;

/// <summary>Three systems into the record: rollout, flap, rollback; by webhook, by polling, in any order.</summary>
public sealed class RecordTests
{
    // Two changes; a runs, then b comes, dips, and is rolled back to a.
    private static readonly JsonObject[] Applications =
    [
        Given.App(10, "Progressing", 10.2, "a"), Given.App(10, "Healthy", 11, "a"), Given.App(20, "Progressing", 20.5, "ab"), Given.App(20, "Healthy", 21, "b"),
        Given.App(20, "Progressing", 25, "b"), Given.App(20, "Healthy", 26, "b"), Given.App(30, "Healthy", 31, "a"),
    ];

    private static readonly JsonObject[] Rollouts =
    [
        Given.Rollout(1, "1", "Healthy", 'a', at: 11), Given.Rollout(2, "1", "Healthy", 'b', at: 11), Given.Rollout(2, "2", "Paused", 'b', "h1", "h2", at: 20), Given.Rollout(2, "2", "Healthy", 'b', "h2", "h2", at: 22),
        Given.Rollout(3, "3", "Progressing", 'a', "h2", "h1", at: 30), Given.Rollout(3, "3", "Healthy", 'a', at: 31),
    ];

    private static readonly JsonObject[] Kustomizations =
    [
        Given.Kustomization("Unknown", "Progressing", 10, 'a', generation: 1, observed: 1), Given.Kustomization("True", "ReconciliationSucceeded", 11, 'a'),
        Given.Kustomization("False", "HealthCheckFailed", 20, 'a', 'b'), Given.Kustomization("True", "ReconciliationSucceeded", 22, 'b'), Given.Kustomization("True", "ReconciliationSucceeded", 30, 'a'),
    ];

    public static TheoryData<string> Systems => ["argocd", "argo-rollouts", "flux"];

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task A_rollback_takes_away_what_it_took_and_leaves_the_rest_verified(string system)
    {
        var story = Story(system);
        var live = await TellAsync(system, story[..^1].Where(static o => o is not null));
        Assert.Equal((GateStatus.Passed, GateStatus.Passed), live);
        var back = await TellAsync(system, story);
        Assert.Equal((GateStatus.Passed, GateStatus.Failed), back);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task Any_order_and_repetition_by_webhook_or_by_polling_gives_one_record(string system)
    {
        var story = Story(system);
        var (expected, states) = await RecordAsync(system, story, byWebhook: true);
        Assert.Equal((GateStatus.Passed, GateStatus.Failed), states);
        var random = new Random(11);
        for (int i = 0; i < 15; i++)
            Assert.Equal(expected, (await RecordAsync(system, story.Concat(story.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()), i % 3 == 0 ? null : i % 3 == 1)).Text);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public async Task When_every_webhook_is_lost_polling_alone_ends_with_the_same(string system)
    {
        var story = Story(system);
        Assert.Equal(await TellAsync(system, story), (await RecordAsync(system, story, byWebhook: false)).States);
        // A look sees only what is so at its time: the last state is what counts.
        var (_, states) = await RecordAsync(system, [story[^1]], byWebhook: false);
        Assert.Equal(GateStatus.Passed, states.First);
        Assert.NotEqual(GateStatus.Passed, states.Second);
    }

    private static JsonObject[] Story(string system) => system switch { "argocd" => Applications, "flux" => Kustomizations, _ => Rollouts };

    private static async Task<(GateStatus First, GateStatus Second)> TellAsync(string system, IEnumerable<JsonObject> story) => (await RecordAsync(system, story, byWebhook: true)).States;

    private static async Task<(string Text, (GateStatus First, GateStatus Second) States)> RecordAsync(string system, IEnumerable<JsonObject> story, bool? byWebhook)
    {
        await using var api = await FakeApi.StartAsync();
        AdapterRegistration adapter = system switch
        {
            "argocd" => ArgoCDAdapter.Create(Given.Options<ArgoCDOptions>(o => { api.Apply(o); o.Source = ArgoCDSource.Kubernetes; }), new HttpClient(SourceClient.CreateHandler()), TimeProvider.System),
            "flux" => FluxAdapter.Create(Given.Options<FluxOptions>(o => { api.Apply(o); Given.Tracked(o); }), new HttpClient(SourceClient.CreateHandler()), TimeProvider.System),
            _ => ArgoRolloutsAdapter.Create(Given.Options<ArgoRolloutsOptions>(api.Apply), new HttpClient(SourceClient.CreateHandler()), TimeProvider.System),
        };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new ClosedLoop.Testing.Time.ManualTimeProvider(Given.At(600)));
        services.AddClosedLoop(loop => loop.AddAdapter(_ => adapter));
        await using var provider = services.BuildServiceProvider();
        await LandAsync(provider.GetRequiredService<IIntake>());
        var random = new Random(3);
        foreach (var item in story)
        {
            if (byWebhook ?? random.Next(2) == 0)
            {
                var result = await provider.GetRequiredService<IWebhookReceiver>().ReceiveAsync(Given.Delivery(item) with { Source = adapter.Name });
                Assert.InRange(result.StatusCode, 200, 299);
                continue;
            }
            api.Lists["apis/argoproj.io/v1alpha1/applications"] = api.Lists["apis/argoproj.io/v1alpha1/rollouts"] = api.Lists["apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"] = [item];
            api.Lists["apis/helm.toolkit.fluxcd.io/v2/helmreleases"] = [];
            var read = await adapter.Probe!.ProbeAsync(new ProbeBatch { Source = adapter.Name, At = Given.At(600), SweepSince = Given.Start }, default);
            Assert.Equal((ProbeOutcome.Reached, null), (read.Outcome, read.Detail));
            await SubmitAsync(provider.GetRequiredService<IIntake>(), adapter.Name, adapter.Writers, read.Facts);
        }
        Assert.Empty(await provider.GetRequiredService<ILoopQueries>().ReadQuarantineAsync(10));
        var loop = provider.GetRequiredService<IClosedLoop>();
        var first = (await loop.GetStatusAsync("pr:acme/web#1"))!.State;
        var second = (await loop.GetStatusAsync("pr:acme/web#2"))!.State;
        return (JsonSerializer.Serialize(first.Gates) + JsonSerializer.Serialize(second.Gates), (first.Gate(Gates.RolledOut)!.Status, second.Gate(Gates.RolledOut)!.Status));
    }

    // Commit b lands after a; the images a and b are of them.
    private static async Task LandAsync(IIntake intake)
    {
        Writer scm = new(WriterRoles.SourceControl, "git"), registry = new(WriterRoles.Registry, "oci");
        var facts = new List<Fact>();
        foreach (var (number, commit) in new[] { (1, 'a'), (2, 'b') })
        {
            var change = Key.PullRequest("acme/web", number);
            var key = Key.Commit("acme/web", Given.Sha(commit));
            var attributes = ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Repository, "acme/web").Add(FactAttributes.Branch, "main");
            facts.Add(new Fact { Subject = change, Kind = Gates.Merged, Writer = scm, Ordinal = new Ordinal(1), Status = GateStatus.Passed, OccurredAt = Given.At(number), Revision = Given.Sha(commit), Attributes = attributes });
            facts.Add(new Fact { Subject = key, Kind = FactKinds.Landing, Writer = scm, Ordinal = new Ordinal(1), Status = GateStatus.Passed, OccurredAt = Given.At(number), Revision = Given.Sha(commit), Links = [change], Attributes = attributes });
            facts.Add(new Fact { Subject = Key.Image(Given.Digest(commit)), Kind = Gates.ImageBuilt, Writer = registry, Ordinal = new Ordinal(1), Status = GateStatus.Passed, OccurredAt = Given.At(number + 2), Revision = Given.Digest(commit), Links = [key] });
        }
        facts.Add(new Fact { Subject = Key.Branch("acme/web", "main"), Kind = FactKinds.Head, Writer = scm, Ordinal = new Ordinal(2), OccurredAt = Given.At(2), Revision = Given.Sha('b') });
        var result = await intake.SubmitAsync(new Submission
        {
            Source = "story",
            ReceivedAt = Given.At(3),
            Facts = [.. facts],
            Writers = [scm, registry],
            History = [new("acme/web", Given.Sha('b'), [Given.Sha('a')]), new("acme/web", Given.Sha('a'), [])],
        });
        Assert.Empty(result.Refusals);
    }

    private static async Task SubmitAsync(IIntake intake, string source, ImmutableArray<Writer> writers, ImmutableArray<Fact> facts) =>
        Assert.Empty((await intake.SubmitAsync(new Submission { Source = source, ReceivedAt = Given.At(600), Facts = facts, Writers = writers })).Refusals);
}
