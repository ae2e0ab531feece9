using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>What the record makes of the adapter's facts: health counts for the version that it saw, after its rollout.</summary>
public sealed class RecordTests : IAsyncLifetime
{
    private FakeService _service = null!;

    public async Task InitializeAsync() => _service = await FakeService.StartAsync();

    public async Task DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Health_counts_only_for_the_proven_version_after_its_rollout_and_until_it_regresses()
    {
        await using var story = new Story(_service, Given.Http(_service.Address, static c => c.RegressedAfter = 3));
        await story.LandAsync(1, 'a', at: 0);
        await story.LandAsync(2, 'b', at: 1, parent: 'a');
        await story.RunsAsync('a', at: 2);

        // The new pods answer before the rollout of b is reported; a was seen after its own.
        _service.Says(200, Given.Up('a'));
        await story.LookAsync(at: 3);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(1));
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);

        _service.Says(200, Given.Up('b'));
        await story.LookAsync(at: 4);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);
        await story.RunsAsync('b', at: 5);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);

        // Old pods answer, and then one that does not say which it is.
        _service.Says(200, Given.Up('a'));
        await story.LookAsync(at: 6);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);
        _service.Says(200, Given.Up(null));
        await story.LookAsync(at: 7);
        Assert.Equal(GateStatus.Waiting, (await story.HealthAsync(2)).Status);

        _service.Says(200, Given.Up('b'));
        await story.LookAsync(at: 8);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));

        // A dip takes nothing away; three in a row do.
        _service.Says(503, Given.Up('b', "DOWN"));
        await story.LookAsync(at: 9);
        await story.LookAsync(at: 10);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));
        await story.LookAsync(at: 11);
        Assert.Equal((GateStatus.Failed, Reason.Regressed), await story.HealthAsync(2));
        _service.Says(200, Given.Up('b'));
        await story.LookAsync(at: 12);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(2));
    }

    [Fact]
    public async Task Of_two_checks_both_have_to_be_well()
    {
        await using var story = new Story(_service, Given.Http(_service.Address), Given.Http(_service.Address, static c => (c.Name, c.BodyPath) = ("db", "db")));
        await story.LandAsync(1, 'a', at: 0);
        await story.RunsAsync('a', at: 2);
        _service.Says(200, $"{{\"status\":\"UP\",\"db\":\"DOWN\",\"commit\":\"{Given.Sha('a')}\"}}");
        await story.LookAsync(at: 3);
        Assert.Equal(GateStatus.Failed, (await story.HealthAsync(1)).Status);
        _service.Says(200, $"{{\"status\":\"UP\",\"db\":\"UP\",\"commit\":\"{Given.Sha('a')}\"}}");
        await story.LookAsync(at: 4);
        Assert.Equal((GateStatus.Passed, Reason.Exact), await story.HealthAsync(1));
    }

    private sealed class Story : IAsyncDisposable
    {
        private static readonly Writer Scm = new(WriterRoles.SourceControl, "github"), Deployer = new(WriterRoles.Deployer, "argo");

        private readonly ManualTimeProvider _time = new(Given.Start);
        private readonly ServiceProvider _services;
        private readonly AdapterRegistration _adapter;

        public Story(FakeService service, params HealthCheckOptions[] checks)
        {
            ArgumentNullException.ThrowIfNull(service);
            _adapter = HealthAdapter.Create(Given.Options(checks), new HttpClient(SourceClient.CreateHandler()), _time);
            var services = new ServiceCollection();
            services.AddSingleton<TimeProvider>(_time);
            services.AddClosedLoop(static loop => loop.UseInMemory().AddPipeline("delivery", static p => p.UseDefaultGates().DoneWhen(Done.Healthy)));
            _services = services.BuildServiceProvider();
        }

        public Task LandAsync(int pull, char commit, double at, char? parent = null)
        {
            var change = Key.PullRequest(Given.Repository, pull);
            IEnumerable<Fact> facts = ((string[])[Gates.PrOpened, Gates.Reviewed, Gates.Merged]).Select(gate => Of(Scm, change, gate, at, GateStatus.Passed));
            var landing = Of(Scm, Key.Commit(Given.Repository, Given.Sha(commit)), FactKinds.Landing, at, default) with { Links = [change], Attributes = Branch };
            var head = Of(Scm, Key.Branch(Given.Repository, "main"), FactKinds.Head, at, default) with { Revision = Given.Sha(commit), Attributes = Branch };
            return TellAsync(at, [.. facts, landing, head], new CommitNode(Given.Repository, Given.Sha(commit), parent is { } p ? [Given.Sha(p)] : []));
        }

        public Task RunsAsync(char commit, double at) => TellAsync(at, [Of(Deployer, Key.Environment("production/eu"), Gates.RolledOut, at, GateStatus.Passed) with
        {
            Environment = "production",
            Name = "eu",
            Revision = Given.Sha(commit),
            Links = [Key.Commit(Given.Repository, Given.Sha(commit))],
            Attributes = Branch,
        }]);

        public async Task LookAsync(double at)
        {
            _time.AdvanceTo(At(at));
            var result = await _adapter.Probe!.ProbeAsync(new ProbeBatch { Source = "health", SweepSince = At(at), At = At(at) }, default);
            await TellAsync(at, result.Facts);
        }

        public async Task<(GateStatus Status, Reason Reason)> HealthAsync(int pull)
        {
            var status = await _services.GetRequiredService<IClosedLoop>().GetStatusAsync(Key.PullRequest(Given.Repository, pull).ToString());
            var gate = status!.State.Gate(Gates.Healthy)!;
            return (gate.Status, gate.Reason);
        }

        public ValueTask DisposeAsync() => _services.DisposeAsync();

        private static ImmutableSortedDictionary<string, string> Branch =>
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Branch, "main").Add(FactAttributes.Repository, Given.Repository);

        private static DateTimeOffset At(double minute) => Given.Start + TimeSpan.FromMinutes(minute);

        private static Fact Of(Writer writer, Key subject, string kind, double at, GateStatus status) =>
            new() { Subject = subject, Kind = kind, Writer = writer, Ordinal = Ordinal.At(At(at)), OccurredAt = At(at), Status = status };

        private async Task TellAsync(double at, ImmutableArray<Fact> facts, params CommitNode[] history)
        {
            if (At(at) > _time.GetUtcNow()) _time.AdvanceTo(At(at));
            var taken = await _services.GetRequiredService<IIntake>().SubmitAsync(new Submission { Source = "story", ReceivedAt = _time.GetUtcNow(), Facts = facts, History = [.. history], Writers = [.. facts.Select(static f => f.Writer).Distinct()] });
            Assert.Equal(SubmissionOutcome.Committed, taken.Outcome);
        }
    }
}
