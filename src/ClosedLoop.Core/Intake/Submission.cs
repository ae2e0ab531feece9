using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>What one delivery, probe or call wants to record. All of it is committed together, or nothing.</summary>
public sealed record Submission
{
    /// <summary>Where it comes from: an adapter's name, or <c>api:writer</c>.</summary>
    public required string Source { get; init; }

    /// <summary>When it was received.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The source's id of the delivery; null for probes and calls, which need no duplicate check.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The delivery's name in the store; null when it has no id.</summary>
    /// <remarks>A source without a clock of its own gives the time of receipt, which is another one when it sends again.</remarks>
    internal DeliveryId? Delivery => DeliveryId is { } id ? new DeliveryId(Source, id, Facts.IsDefaultOrEmpty || Facts[0].OccurredAt == ReceivedAt ? default : Facts[0].OccurredAt) : null;

    /// <summary>The facts.</summary>
    public ImmutableArray<Fact> Facts { get; init; } = [];

    /// <summary>Commits with their parents, for the lines' history.</summary>
    public ImmutableArray<CommitNode> History { get; init; } = [];

    /// <summary>The writers that this source may speak for. Empty: none, so every fact is refused.</summary>
    public ImmutableArray<Writer> Writers { get; init; } = [];

    /// <summary>Subjects that the source should be asked about soon.</summary>
    public ImmutableArray<Key> Hints { get; init; } = [];

    /// <summary>Items to fold again although no fact changed, for instance because their pipeline did.</summary>
    public ImmutableArray<Key> Touch { get; init; } = [];

    /// <summary>A repository whose waiting changes are to be folded again, as many as one transaction takes.</summary>
    internal string? ContinueLine { get; init; }

    /// <summary>
    /// The first read of a source that was not there before. What it brings is history: limits that ran out before anybody watched are not
    /// news, and nobody is told of them.
    /// </summary>
    internal bool IsFirstRead { get; init; }

    /// <summary>Due rows to change in the same transaction, such as the claim that led to this submission.</summary>
    public ImmutableArray<DueChange> Due { get; init; } = [];

    /// <summary>Inputs to keep aside in the same transaction.</summary>
    public ImmutableArray<QuarantineEntry> Quarantine { get; init; } = [];

    /// <summary>The raw bytes, kept aside if this submission turns out to be poison.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
}
