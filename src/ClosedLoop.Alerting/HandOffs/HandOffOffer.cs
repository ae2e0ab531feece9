using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.HandOffs;

/// <summary>All that an agent needs to begin: what is wrong, the item that waits longest with its gates and evidence, and how it came to this.</summary>
public sealed record HandOffOffer
{
    /// <summary>The incident.</summary>
    public required IncidentNotice Incident { get; init; }

    /// <summary>Whether it is resolved: there is nothing left to do.</summary>
    public bool IsOver => Incident.Kind == IncidentNoticeKind.Resolved;

    /// <summary>When people are told, if the cause still holds; null when the incident is over.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The item that waits longest, as it is now; null when the cause holds up none.</summary>
    public LoopStatus? Item { get; init; }

    /// <summary>The last changes of that item's record, the oldest first; at most 50.</summary>
    public IReadOnlyList<Transition> History { get; init; } = [];

    /// <summary>What is probably wrong, and what to try first, in one or two sentences.</summary>
    public required string Diagnosis { get; init; }
}
