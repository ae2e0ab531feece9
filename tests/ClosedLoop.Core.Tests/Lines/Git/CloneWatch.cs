using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Lines.Git;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Core.Tests.Lines.Git;

/// <summary>An adapter that reads a test's clone, and all that it has said so far, joined as the record joins it.</summary>
internal sealed class CloneWatch
{
    public const string Repository = "acme/web";

    private readonly Dictionary<RegisterId, Fact> _record = [];
    // Later than any file that a test writes.
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private DateTimeOffset? _stored;

    public CloneWatch(WorkClone clone, Action<GitCloneOptions>? configure = null)
    {
        var options = new GitCloneOptions { Path = clone.Path, Repository = Repository };
        configure?.Invoke(options);
        if (options.Branches.Count == 0) options.Branches.Add("main");
        Adapter = GitCloneAdapter.Create(options, _time);
    }

    public AdapterRegistration Adapter { get; }

    public ManualTimeProvider Time => _time;

    public IEnumerable<Fact> Record => _record.Values;

    /// <summary>A sweep, a minute after the one before.</summary>
    /// <param name="stored">Whether its answer reaches the record.</param>
    public async Task<ProbeResult> SweepAsync(bool stored = true)
    {
        _time.Advance(TimeSpan.FromMinutes(2));
        var now = _time.GetUtcNow();
        // As the prober does it: back to the last sweep that was stored, and a minute more.
        var result = await Adapter.Probe!.ProbeAsync(new ProbeBatch { Source = Adapter.Name, SweepSince = (_stored ?? now.AddDays(-1)).AddMinutes(-1), At = now }, CancellationToken.None);
        if (!stored) return result;
        _stored = now;
        foreach (var fact in result.Facts) _record[fact.Register] = _record.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;
        return result;
    }

    public async Task<ProbeResult> FillAsync(params LineGap[] gaps) =>
        await Adapter.Probe!.ProbeAsync(new ProbeBatch { Source = Adapter.Name, Lines = [.. gaps], At = _time.GetUtcNow() }, CancellationToken.None);

    public Fact? Find(string kind, string sha) => _record.Values.SingleOrDefault(f => f.Kind == kind && f.Subject == Commit(sha));

    public Fact? Head(string branch) => _record.Values.SingleOrDefault(f => f.Kind == FactKinds.Head && f.Subject == Key.Branch(Repository, branch));

    /// <summary>How a commit is a copy, and of what: <c>trailer: key key</c>; null when it is none.</summary>
    public string? Copy(string sha) => Text(Find(FactKinds.Equivalent, sha), FactAttributes.EquivalentTo);

    /// <summary>How a commit is a revert, and of what.</summary>
    public string? Undoes(string sha) => Text(Find(FactKinds.Revert, sha), FactAttributes.Reverts);

    public static Key Commit(string sha) => Key.Commit(Repository, sha);

    public static string Of(string how, params IEnumerable<string> shas) => Of(how, shas.Select(Commit));

    public static string Of(string how, IEnumerable<Key> keys) => $"{how}: {string.Join(' ', keys.Order())}";

    private static string? Text(Fact? fact, string attribute) => fact is null ? null : $"{fact.Attribute(FactAttributes.How)}: {fact.Attribute(attribute)}";
}
