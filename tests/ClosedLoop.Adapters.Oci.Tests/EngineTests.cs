using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>What a registry says, through the engine.</summary>
public sealed class EngineTests : IAsyncLifetime
{
    private static readonly Writer Scm = new(WriterRoles.SourceControl, "git"), Deployer = new(WriterRoles.Deployer, "argo");

    private readonly ManualTimeProvider _time = new(Given.Now);
    private FakeRegistry _registry = null!;
    private AdapterRegistration _adapter = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _registry = await FakeRegistry.StartAsync();
        _adapter = _registry.Adapter(_time);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddClosedLoop(loop => loop.AddAdapter(_ => _adapter));
        _services = services.BuildServiceProvider();
        var at = Given.Built - TimeSpan.FromMinutes(10);
        await SubmitAsync([Scm],
        [
            .. from pull in new[] { (Number: 1, Commit: 'a'), (Number: 2, Commit: 'b') }
               from fact in Landed(pull.Number, pull.Commit, at)
               select fact,
        ], [new CommitNode(Given.GitRepository, Given.Sha('a'), []), new CommitNode(Given.GitRepository, Given.Sha('b'), [Given.Sha('a')])]);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Theory]
    [InlineData("index")]
    [InlineData("manifest")]
    [InlineData("config")]
    public async Task An_announced_image_counts_once_it_is_read_and_runs_under_any_of_its_digests(string runs)
    {
        var (manifest, config) = _registry.AddImage(Given.Sha('a'), Given.Source);
        string index = _registry.AddIndex([FakeRegistry.Child(manifest)], "v1");
        Assert.Equal(202, await SendAsync(Given.Notification(Given.Push(index, type: FakeRegistry.Index)).ToJsonString()));
        Assert.Equal(GateStatus.Waiting, (await GateAsync(1, Gates.ImageBuilt)).Status);

        await SweepAsync();
        var built = await GateAsync(1, Gates.ImageBuilt);
        Assert.Equal((GateStatus.Passed, Given.Built), (built.Status, built.Since));
        Assert.Equal(GateStatus.Waiting, (await GateAsync(2, Gates.ImageBuilt)).Status);

        string digest = runs switch { "index" => index, "manifest" => manifest, _ => config };
        await SubmitAsync([Deployer],
        [
            new Fact
            {
                Subject = Key.Environment("production/web"), Kind = Gates.RolledOut, Writer = Deployer, Ordinal = Ordinal.At(Given.Now), OccurredAt = Given.Now, Status = GateStatus.Passed,
                Environment = "production", Name = "web", Links = [Key.Image(digest)],
            },
        ]);
        Assert.Equal(GateStatus.Passed, (await GateAsync(1, Gates.RolledOut)).Status);
        Assert.Equal(GateStatus.Waiting, (await GateAsync(2, Gates.RolledOut)).Status);
    }

    [Fact]
    public async Task Without_any_webhook_the_sweep_closes_the_gate_and_covers_what_the_commit_contains()
    {
        _registry.AddImage(Given.Sha('b'), Given.Source, "v2");
        await SweepAsync();
        Assert.Equal((GateStatus.Passed, Reason.CoveredBy), ((await GateAsync(1, Gates.ImageBuilt)).Status, (await GateAsync(1, Gates.ImageBuilt)).Reason));
        Assert.Equal((GateStatus.Passed, Reason.Exact), ((await GateAsync(2, Gates.ImageBuilt)).Status, (await GateAsync(2, Gates.ImageBuilt)).Reason));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"events\":7}")]
    [InlineData("{\"events\":[{\"action\":\"push\",\"target\":{\"mediaType\":\"application/vnd.oci.image.index.v1+json\"}}]}")]
    [InlineData("{\"events\":[{\"action\":\"pull\"}]}")]
    public async Task Everything_authentic_is_answered_with_202_and_nothing_else_is(string body)
    {
        Assert.Equal(202, await SendAsync(body));
        Assert.Equal(401, await SendAsync(body, "Bearer something-else-altogether"));
        Assert.Equal(GateStatus.Waiting, (await GateAsync(1, Gates.ImageBuilt)).Status);
    }

    [Fact]
    public void Several_registries_have_names_of_their_own()
    {
        var services = new ServiceCollection();
        services.AddClosedLoop(static loop => loop
            .AddOci(static o => Configure(o, "oci"))
            .AddOci(static o => Configure(o, "harbor")));
        using var provider = services.BuildServiceProvider();
        var receiver = provider.GetRequiredService<IWebhookReceiver>();
        Assert.Equal(OciAdapter.MaxBodyBytes, receiver.MaxBodyBytes("oci"));
        Assert.Equal(OciAdapter.MaxBodyBytes, receiver.MaxBodyBytes("harbor"));
        Assert.Null(receiver.MaxBodyBytes("ghcr"));

        static void Configure(OciOptions o, string name)
        {
            (o.Name, o.Address, o.WebhookSecret) = (name, new Uri("https://registry.acme.example/"), Given.Secret);
            o.Repositories.Add(new OciRepository { Name = "acme/web" });
        }
    }

    private static IEnumerable<Fact> Landed(int pull, char commit, DateTimeOffset at)
    {
        var change = Key.PullRequest(Given.GitRepository, pull);
        foreach (string gate in (string[])[Gates.PrOpened, Gates.Reviewed, Gates.Merged])
            yield return new Fact { Subject = change, Kind = gate, Writer = Scm, Ordinal = new Ordinal(1), Status = GateStatus.Passed, OccurredAt = at };
        var attributes = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Branch, "main");
        yield return new Fact { Subject = Key.Commit(Given.GitRepository, Given.Sha(commit)), Kind = FactKinds.Landing, Writer = Scm, Ordinal = new Ordinal(1), OccurredAt = at, Links = [change], Attributes = attributes };
        yield return new Fact { Subject = Key.Branch(Given.GitRepository, "main"), Kind = FactKinds.Head, Writer = Scm, Ordinal = new Ordinal(pull), OccurredAt = at, Revision = Given.Sha(commit) };
    }

    private async Task SweepAsync()
    {
        var result = await _adapter.SweepAsync(_time.GetUtcNow());
        Assert.True(result.Outcome == ProbeOutcome.Reached, result.Detail);
        await SubmitAsync(_adapter.Writers, [.. result.Facts]);
    }

    private async Task SubmitAsync(IReadOnlyList<Writer> writers, IReadOnlyList<Fact> facts, IReadOnlyList<CommitNode>? history = null)
    {
        var taken = await _services.GetRequiredService<IIntake>().SubmitAsync(new Submission { Source = "test", ReceivedAt = _time.GetUtcNow(), Facts = [.. facts], History = [.. history ?? []], Writers = [.. writers] });
        Assert.Equal((SubmissionOutcome.Committed, 0), (taken.Outcome, taken.Refusals.Count));
    }

    private async Task<int> SendAsync(string body, string authorization = "Bearer " + Given.Secret) =>
        (await _services.GetRequiredService<IWebhookReceiver>().ReceiveAsync(Given.Delivery(body, ("Authorization", authorization), ("Content-Type", "application/vnd.docker.distribution.events.v1+json")))).StatusCode;

    private async Task<GateView> GateAsync(int pull, string gate) =>
        Assert.Single(await _services.GetRequiredService<ILoopStore>().FindItemsAsync([Key.PullRequest(Given.GitRepository, pull).ToString()], CancellationToken.None)).State.Gate(gate)!;
}
