using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Adapters.Health.Tests;

/// <summary>Changes that land and roll out, in a real engine, with the adapter's facts about their health.</summary>
internal sealed class Story : IAsyncDisposable
{
    private static readonly Writer Scm = new(WriterRoles.SourceControl, "github"), Deployer = new(WriterRoles.Deployer, "argo");

    private readonly ManualTimeProvider _time = new(Given.Start);
    private readonly ServiceProvider _services;
    private readonly AdapterRegistration _adapter;

    public Story(params HealthCheckOptions[] checks)
        : this(Given.Options(checks))
    {
    }

    public Story(HealthOptions options)
    {
        _adapter = HealthAdapter.Create(options, new HttpClient(SourceClient.CreateHandler()), _time);
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

    public async Task AlertAsync(double at, params JsonObject[] alerts)
    {
        var translation = _adapter.Translator!.Translate(Given.Delivery(Given.Notification(alerts)));
        Assert.Equal(TranslationOutcome.Facts, translation.Outcome);
        await TellAsync(at, translation.Facts);
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
