using System.Globalization;
using System.Text;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Lines.Support;

/// <summary>
/// A delivery world in which a test tells a story, one event at a time; times are minutes after the start, and the clock follows them.
/// Every event goes through the real engine as its source would report it.
/// </summary>
internal sealed class LineWorld : IDisposable
{
    private readonly Action<ClosedLoopBuilder> _configure;
    private readonly Dictionary<string, TestRepository> _repositories = new(StringComparer.Ordinal);
    private readonly List<Submission> _told = [];

    /// <param name="pipeline">The pipeline; by default the seven gates, done when healthy.</param>
    /// <param name="configure">Further configuration.</param>
    public LineWorld(Action<PipelineBuilder>? pipeline = null, Action<ClosedLoopBuilder>? configure = null)
    {
        _configure = loop =>
        {
            loop.AddPipeline("delivery", pipeline ?? (static p => p.UseDefaultGates().DoneWhen(Done.Healthy)));
            configure?.Invoke(loop);
        };
        Loop = new LoopFixture(_configure);
    }

    public LoopFixture Loop { get; }

    /// <summary>A commit's id, made from its name in the story.</summary>
    public static string Sha(string name) => Hex(name, 40);

    /// <summary>The beginning of a commit's id, as sentences for people show it.</summary>
    public static string Short(string name) => Sha(name)[..9];

    /// <summary>An image's digest, made from its name in the story.</summary>
    public static string Digest(string name) => "sha256:" + Hex(name, 64);

    public TestRepository Repository(string name = "acme/web") => _repositories.TryGetValue(name, out var known) ? known : _repositories[name] = new TestRepository(this, name);

    public TestTarget Target(string environment = "production", string name = "web") => new(this, environment, name);

    /// <summary>Tells what a source says at a time.</summary>
    public async Task TellAsync(double minute, IReadOnlyList<Fact> facts, params CommitNode[] history)
    {
        if (Given.At(minute) > Loop.Now) Loop.Time.AdvanceTo(Given.At(minute));
        await TakeAsync(new Submission { Source = "story", ReceivedAt = Loop.Now, Facts = [.. facts], History = [.. history], Writers = [Given.Scm, .. facts.Select(static f => f.Writer).Distinct()] });
    }

    public Task TellAsync(double minute, params Fact[] facts) => TellAsync(minute, facts, []);

    /// <summary>Lets time pass, and does what is due on the way.</summary>
    public Task WaitAsync(double untilMinute) => Loop.RunAsync(Given.At(untilMinute) - Loop.Now, TimeSpan.FromSeconds(30));

    public Task<ItemState> ItemAsync(int item) => Loop.StateAsync(Id(item));

    public Task<GateView> GateAsync(int item, string gate) => Loop.GateAsync(Id(item), gate);

    /// <summary>Asserts what the record says of a gate.</summary>
    public async Task<GateView> ExpectAsync(int item, string gate, GateStatus status, Reason reason = Reason.None, double? since = null)
    {
        var view = await GateAsync(item, gate);
        Assert.True((status, reason) == (view.Status, view.Reason), $"{Id(item)} {gate}: expected {status} {reason}, was {view.Status} {view.Reason} ({view.Detail})");
        if (since is { } minute) Assert.Equal(Given.At(minute), view.Since);
        return view;
    }

    /// <summary>Asserts that a gate passed, when, and by evidence about which commit of the first repository.</summary>
    public async Task<CoverageView> ExpectPassedAsync(int item, string gate, string commit, double since, CoverageRelation relation = CoverageRelation.Ancestor)
    {
        var view = await ExpectAsync(item, gate, GateStatus.Passed, relation == CoverageRelation.Exact ? Reason.Exact : Reason.CoveredBy, since);
        Assert.NotNull(view.Coverage);
        Assert.Equal((Given.Commit(Sha(commit)), relation), (view.Coverage.Commit, view.Coverage.Relation));
        return view.Coverage;
    }

    /// <summary>The one sentence that a person reads about an item.</summary>
    public async Task<string> WhyAsync(int item) => (await Loop.Loop.GetStatusAsync(Id(item)))!.Why;

    /// <summary>The statuses that a gate went through, with their reasons, in the order in which the record said so.</summary>
    public async Task<IReadOnlyList<(GateStatus Status, Reason Reason)>> PathAsync(int item, string gate) =>
        [.. (await Loop.TransitionsAsync(Id(item))).Where(t => t.Kind == TransitionKind.Gate && t.Gate == gate).Select(static t => (t.To, t.Reason))];

    /// <summary>
    /// Tells everything again to fresh engines: backwards, shuffled, twice, and all in one transaction. The record must say the same, byte
    /// for byte (guarantee G2).
    /// </summary>
    public async Task RetellAsync()
    {
        if (_told.Count == 0) return;
        await Loop.Engine.RunDueAsync(default);
        string told = await Loop.StatesAsync();
        var random = new Random(_told.Count);
        Submission[] shuffled = [.. _told];
        random.Shuffle(shuffled);
        await RetellAsync(told, "backwards", [.. _told.AsEnumerable().Reverse()]);
        await RetellAsync(told, "shuffled", shuffled);
        await RetellAsync(told, "twice", [.. shuffled, .. _told]);
        await RetellAsync(told, "in one transaction", [_told[^1] with { Facts = [.. _told.SelectMany(static s => s.Facts)], History = [.. _told.SelectMany(static s => s.History)], Writers = [.. _told.SelectMany(static s => s.Writers).Distinct()] }]);
    }

    public void Dispose() => Loop.Dispose();

    private async Task RetellAsync(string told, string how, Submission[] story)
    {
        using var other = new LoopFixture(_configure);
        other.Time.AdvanceTo(Loop.Now);
        foreach (var submission in story)
            if (await other.Get<IIntake>().SubmitAsync(submission) is { Outcome: not SubmissionOutcome.Committed } refused)
                Assert.Fail($"Told {how}, the record does not take it: {refused.Detail}");
        await other.Engine.RunDueAsync(default);
        string retold = await other.StatesAsync();
        if (told != retold) Assert.Fail($"Told {how}, the record says something else.\n{Difference(told, retold)}");
    }

    private async Task TakeAsync(Submission submission)
    {
        _told.Add(submission);
        var result = await Loop.Get<IIntake>().SubmitAsync(submission);
        if (result.Outcome != SubmissionOutcome.Committed) Assert.Fail($"The record does not take it: {result.Detail}");
        Assert.Empty(result.Refusals);
    }

    private static string Difference(string told, string retold)
    {
        int at = 0;
        while (at < told.Length && at < retold.Length && told[at] == retold[at]) at++;
        int item = told.LastIndexOf("\"id\"", at, StringComparison.Ordinal), from = Math.Max(0, told.LastIndexOf("{\"gate\"", at, StringComparison.Ordinal));
        return $"{Part(told, item, 12)}\nas told: {Part(told, from, 600)}\nretold:  {Part(retold, from, 600)}";

        static string Part(string text, int start, int length) => start < 0 || start >= text.Length ? "" : text.Substring(start, Math.Min(length, text.Length - start));
    }

    private static string Id(int item) => string.Create(CultureInfo.InvariantCulture, $"BL-{item}");

    private static string Hex(string name, int length) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(name)).PadRight(length, '0');
}
