using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>
/// An immutable observation: who saw which subject in which state, on what evidence. Webhooks, polls, API calls and backfills all
/// produce facts and nothing else; every status, transition and alert is derived from them.
/// </summary>
/// <remarks>
/// The register of a (writer, subject, kind) is the join of its facts (<see cref="FactJoin"/>): the fact with the greatest
/// <see cref="Ordinal"/>. Immutable and safe to share between threads.
/// </remarks>
public sealed record Fact
{
    /// <summary>What was observed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Key Subject { get; init; }

    /// <summary>What was observed of it: a gate's name or signal, or one of <see cref="FactKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Who says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Writer Writer { get; init; }

    /// <summary>The place in the source's own order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Ordinal Ordinal { get; init; }

    /// <summary>What it says of the gate. The default is <see cref="GateStatus.Waiting"/>: no evidence.</summary>
    public GateStatus Status { get; init; }

    /// <summary>Why.</summary>
    public Reason Reason { get; init; }

    /// <summary>When it became so, by the source's clock; event-specific times, never a row's "updated" time that moves later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>
    /// The name of the series that this run belongs to (check name, job name, deployment target): of several runs in one series
    /// the newest with a verdict speaks, so within one writer, name and environment the ordinals of different subjects must compare. Null: the
    /// subject is its own series.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>The environment that a rollout or health fact speaks of.</summary>
    public string? Environment { get; init; }

    /// <summary>The commit id or digest that the fact is about.</summary>
    public string? Revision { get; init; }

    /// <summary>
    /// True when it speaks of one part of a gate (one check of several) and cannot pass a gate by itself: another check may not
    /// have reported yet. It can still fail a gate, or show it running.
    /// </summary>
    public bool IsPartial { get; init; }

    /// <summary>One short sentence for people; 500 characters at most are kept.</summary>
    public string? Detail { get; init; }

    /// <summary>Where to look.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>The keys that the subject belongs to: a build links its commits, a commit its change, a change its item.</summary>
    public ImmutableSortedSet<Key> Links { get; init; } = [];

    /// <summary>Further named values, 32 at most.</summary>
    public ImmutableSortedDictionary<string, string> Attributes
    {
        get;
        init
        {
            field = value.WithComparers(StringComparer.Ordinal);
            _attributes = field.IsEmpty ? [] : [.. field];
        }
    } = NoAttributes;

    // Flat, in their order: facts are compared far more often than made, and walking a tree costs ten times as much.
    private readonly KeyValuePair<string, string>[] _attributes = [];

    private static readonly ImmutableSortedDictionary<string, string> NoAttributes =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The register that this fact belongs to.</summary>
    [JsonIgnore]
    public RegisterId Register => new(Subject, Kind, Writer);

    /// <summary>Whether it says where a line stands.</summary>
    internal bool IsHead => Kind == FactKinds.Head && Subject.Is(KeySchemes.Branch);

    internal ReadOnlySpan<KeyValuePair<string, string>> AttributesInOrder => _attributes;

    /// <summary>Reads one attribute, or null.</summary>
    public string? Attribute(string name)
    {
        // A few are sooner looked through than searched.
        foreach (var (known, value) in _attributes)
            if (known == name) return value;
        return null;
    }

    /// <summary>Orders facts by <see cref="Register"/>.</summary>
    internal static int CompareRegisters(Fact left, Fact right) => left.Register.CompareTo(right.Register);

    /// <summary>By value: sets and maps by their content.</summary>
    public bool Equals(Fact? other) => other is not null && FactJoin.CompareContent(this, other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Subject, Kind, Writer, Ordinal, Status, OccurredAt);
}
