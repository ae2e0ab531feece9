using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Items;

/// <summary>What the record says of one gate of one item: status, why, who says so and since when. A pure function of facts.</summary>
public sealed record GateView
{
    /// <summary>The gate's name.</summary>
    public required string Gate { get; init; }

    /// <summary>Its status.</summary>
    public GateStatus Status { get; init; }

    /// <summary>Why it has that status.</summary>
    public Reason Reason { get; init; }

    /// <summary>One short sentence from the deciding evidence.</summary>
    public string? Detail { get; init; }

    /// <summary>Who wrote the deciding evidence; null without evidence.</summary>
    public Writer? Writer { get; init; }

    /// <summary>When it became so, by the source's clock; without evidence, when it became eligible.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the gate before it held, so that this one's clocks run.</summary>
    public DateTimeOffset? EligibleAt { get; init; }

    /// <summary>Alert when nothing has started by then; null when no such clock runs.</summary>
    public DateTimeOffset? StartBy { get; init; }

    /// <summary>Alert when it has not passed by then; null when no such clock runs.</summary>
    public DateTimeOffset? FinishBy { get; init; }

    /// <summary>Where to look.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>The subject of the deciding evidence.</summary>
    public Key? Subject { get; init; }

    /// <summary>The commit or digest of the deciding evidence.</summary>
    public string? Revision { get; init; }

    /// <summary>Why evidence about a commit of a line counts for this change; null for evidence that is linked to the change itself.</summary>
    public CoverageView? Coverage { get; init; }

    /// <summary>When a check that holds so far will count, if nothing comes between; null when no soak runs.</summary>
    public DateTimeOffset? SettlesAt { get; init; }

    /// <summary>Writers whose facts were left out, because the gate does not accept them.</summary>
    public IReadOnlyList<Writer>? RefusedWriters { get; init; }

    /// <summary>Whether the gate holds: passed, or shown not to apply, or waived by a named person. A skip does not hold.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Holds => Status is GateStatus.Passed or GateStatus.NotApplicable;

    /// <summary>Whether any evidence was observed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEvidence => Writer is not null;
}
