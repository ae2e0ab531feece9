using System.Text.Json.Serialization;
using ClosedLoop.Facts;

namespace ClosedLoop.Storage;

/// <summary>One change of the record: what it said before and after, by whom, and why. History; never rewritten.</summary>
public sealed record Transition
{
    /// <summary>Its place in the log, from 1; set by the store.</summary>
    public long Sequence { get; init; }

    /// <summary>The item's id.</summary>
    public required string ItemId { get; init; }

    /// <summary>What kind of change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required TransitionKind Kind { get; init; }

    /// <summary>The gate, for a change of a gate.</summary>
    public string? Gate { get; init; }

    /// <summary>The status before.</summary>
    public GateStatus From { get; init; }

    /// <summary>The status after.</summary>
    public GateStatus To { get; init; }

    /// <summary>Why.</summary>
    public Reason Reason { get; init; }

    /// <summary>Who wrote the deciding evidence.</summary>
    public Writer? Writer { get; init; }

    /// <summary>One short sentence.</summary>
    public string? Detail { get; init; }

    /// <summary>Where to look.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>The subject of the deciding evidence.</summary>
    public Key? Subject { get; init; }

    /// <summary>The DONE definition, for completions and what undoes them.</summary>
    public string? DoneDefinition { get; init; }

    /// <summary>When it happened, by the source's clock.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>When the record changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required DateTimeOffset RecordedAt { get; init; }
}
