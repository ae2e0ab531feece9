using System.Collections.Immutable;

namespace ClosedLoop.Alerting.Incidents;

/// <summary>One cause that holds items up, from when it was found until it is gone: what is kept of it. Immutable.</summary>
public sealed record Incident
{
    /// <summary>Its id: the same for the same cause, however often that comes back.</summary>
    public required string Id { get; init; }

    /// <summary>What holds the items up, such as <c>line:acme/web@main/main-ci</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>One of <see cref="CauseKinds"/>.</summary>
    public required string CauseKind { get; init; }

    /// <summary>Where it stands.</summary>
    public required IncidentState State { get; init; }

    /// <summary>How bad it is.</summary>
    public IncidentSeverity Severity { get; init; }

    /// <summary>A few words.</summary>
    public required string Title { get; init; }

    /// <summary>What is stuck, since when, how many.</summary>
    public required string Summary { get; init; }

    /// <summary>What unblocks it.</summary>
    public required string NextAction { get; init; }

    /// <summary>Since when the cause holds, by the evidence that holds now: it moves on when what waited longest is through, or when a line that was late turns red.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it was found this time.</summary>
    public required DateTimeOffset FiredAt { get; init; }

    /// <summary>When it was last seen to hold.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it was resolved or closed; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How many items it holds up; while it is resolved, how many it held up last.</summary>
    public int Count { get; init; }

    /// <summary>The item that it holds up longest.</summary>
    public string? OldestItemId { get; init; }

    /// <summary>That item's title.</summary>
    public string? OldestItemTitle { get; init; }

    /// <summary>Some of the items, the oldest first; at most 10.</summary>
    public ImmutableArray<string> Items { get; init; } = [];

    /// <summary>Who is to act; null when no rule names anybody.</summary>
    public string? Owner { get; init; }

    /// <summary>The gate.</summary>
    public string? Gate { get; init; }

    /// <summary>The repository.</summary>
    public string? Repository { get; init; }

    /// <summary>The branch.</summary>
    public string? Branch { get; init; }

    /// <summary>The environment, or the target in it.</summary>
    public string? Environment { get; init; }

    /// <summary>The source or the sink.</summary>
    public string? Source { get; init; }

    /// <summary>The highest priority of its items.</summary>
    public string? Priority { get; init; }

    /// <summary>Where to look.</summary>
    public Uri? Evidence { get; init; }

    /// <summary>How often it fired, from 1.</summary>
    public int Episode { get; init; }

    /// <summary>How often it came back soon after it was resolved.</summary>
    public int Flaps { get; init; }

    /// <summary>How many looks in a row found its cause gone.</summary>
    public int HealthyLooks { get; init; }

    /// <summary>When the last of these was.</summary>
    public DateTimeOffset? HealthyLookAt { get; init; }

    /// <summary>How many notices were sent of it.</summary>
    public int Notices { get; init; }

    /// <summary>How many of them were of earlier times that it fired.</summary>
    public int EarlierNotices { get; init; }

    /// <summary>When people were last told that it fires; null when they never were.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>How bad it was when they were.</summary>
    public IncidentSeverity ToldSeverity { get; init; }

    /// <summary>Whether people were told that it fires this time, so that they have to be told when it is resolved.</summary>
    public bool IsTold { get; init; }

    /// <summary>Who acknowledged, silenced or closed it, as they named themselves.</summary>
    public string? By { get; init; }

    /// <summary>What they said.</summary>
    public string? Note { get; init; }

    /// <summary>Until when it is silenced.</summary>
    public DateTimeOffset? SilencedUntil { get; init; }

    /// <summary>The agent that it was handed to first; null when it was handed to none.</summary>
    public HandOff? HandOff { get; init; }

    /// <summary>By sink, the number of the last notice that was for it.</summary>
    public ImmutableSortedDictionary<string, int> Sent { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Whether its cause held when it was last looked at, or may have.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsOpen => State != IncidentState.Resolved;
}
