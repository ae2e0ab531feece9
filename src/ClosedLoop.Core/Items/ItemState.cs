using System.Text.Json.Serialization;
using ClosedLoop.Facts;

namespace ClosedLoop.Items;

/// <summary>
/// The state of record of one work item: the fold of its facts through its pipeline. Equal facts give an equal state, in any order
/// and with any duplication. Immutable.
/// </summary>
public sealed record ItemState
{
    /// <summary>The name by which the limit from the merge to DONE is told where a gate's name stands otherwise: <c>done</c>.</summary>
    public const string DoneClock = "done";

    /// <summary>The item's id.</summary>
    public required string Id { get; init; }

    /// <summary>The pipeline it goes through.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The title, when known.</summary>
    public string? Title { get; init; }

    /// <summary>The repository of its first change, when known.</summary>
    public string? Repository { get; init; }

    /// <summary>Priority, free text of the team's own scale.</summary>
    public string? Priority { get; init; }

    /// <summary>Who made it, with what.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>When it was opened, or first observed.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>How a migration made it (<c>backdated</c>, <c>cliff</c>, <c>recovered</c>); null for items tracked live. Metrics can leave these out.</summary>
    public string? Migration { get; init; }

    /// <summary>False when nobody opened it and it is known only from its change.</summary>
    public bool Declared { get; init; }

    /// <summary>Its gates, in the pipeline's order.</summary>
    public required IReadOnlyList<GateView> Gates { get; init; }

    /// <summary>Its changes.</summary>
    public IReadOnlyList<ChangeView> Changes { get; init; } = [];

    /// <summary>The latest gate such that it and all gates before it hold; null when the first does not.</summary>
    public string? CurrentGate { get; init; }

    /// <summary>The latest gate that has passed, whatever is missing before it.</summary>
    public string? FurthestGate { get; init; }

    /// <summary>Whether every gate of the DONE definition holds.</summary>
    public bool IsDone { get; init; }

    /// <summary>When the last gate of the DONE definition came to hold.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Alert when it is not done by then; null when it is not merged, when nothing is expected of it, or when no such limit is set.</summary>
    public DateTimeOffset? DoneBy { get; init; }

    /// <summary>The DONE definition that <see cref="IsDone"/> was judged by.</summary>
    public required string DoneDefinition { get; init; }

    /// <summary>Whether all its changes were closed without being merged.</summary>
    public bool Abandoned { get; init; }

    /// <summary>The first gate of the DONE definition that does not hold; null when done or abandoned.</summary>
    public string? WaitingOn { get; init; }

    /// <summary>Whether nothing more is expected: every gate holds, or it was abandoned.</summary>
    [JsonIgnore]
    public bool IsClosed
    {
        get
        {
            if (Abandoned) return true;
            for (int i = 0; i < Gates.Count; i++)
                if (!Gates[i].Holds) return false;
            return true;
        }
    }

    /// <summary>
    /// Since when it stands where it stands: since the gate that holds it up became eligible, which is <see cref="WaitingOn"/>, or one before that which it has not reached yet; else
    /// since the evidence says, else since the item was opened. Null when it waits for nothing, or nothing is known.
    /// </summary>
    public DateTimeOffset? WaitingSince()
    {
        if (WaitingOn is null || IsDone || Abandoned) return null;
        DateTimeOffset? heldUp = null;
        for (int i = 0; i < Gates.Count; i++)
        {
            var gate = Gates[i];
            if (gate.Gate == WaitingOn) return gate.EligibleAt ?? heldUp ?? gate.Since ?? OpenedAt;
            if (gate.EligibleAt is { } eligible && !gate.Holds) heldUp = eligible;
        }
        return OpenedAt;
    }

    /// <summary>Finds a gate's view by name, or null.</summary>
    public GateView? Gate(string name)
    {
        for (int i = 0; i < Gates.Count; i++)
            if (Gates[i].Gate == name) return Gates[i];
        return null;
    }

    /// <summary>The earliest limit that is still running, or null.</summary>
    public DateTimeOffset? NextDeadline()
    {
        var next = DoneBy;
        for (int i = 0; i < Gates.Count; i++)
        {
            var gate = Gates[i];
            if (gate.StartBy is { } start && (next is null || start < next)) next = start;
            if (gate.FinishBy is { } finish && (next is null || finish < next)) next = finish;
        }
        return next;
    }
}
