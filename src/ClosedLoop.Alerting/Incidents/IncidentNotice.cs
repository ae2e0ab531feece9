using System.Collections.Immutable;
using System.Globalization;

namespace ClosedLoop.Alerting.Incidents;

/// <summary>What a sink is told of an incident. Immutable.</summary>
/// <remarks>
/// Texts may hold anything that a source sent (titles, check names): a sink escapes them for its own format. A notice may arrive twice after a
/// crash, with the same <see cref="IdempotencyKey"/>; notices of one incident arrive in the order of <see cref="Number"/>.
/// </remarks>
public sealed record IncidentNotice
{
    /// <summary>Identifies the notice: <see cref="IncidentId"/>, <see cref="Episode"/> and <see cref="Number"/>.</summary>
    public string IdempotencyKey => string.Create(CultureInfo.InvariantCulture, $"{IncidentId}/{Episode}/{Number}");

    /// <summary>The incident: the same for its whole life, and for a cause that comes back soon after.</summary>
    public required string IncidentId { get; init; }

    /// <summary>Counts how often the incident has fired, from 1: it goes up when it fires again after it was resolved.</summary>
    public required int Episode { get; init; }

    /// <summary>Counts the notices of the incident, from 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Why it is sent.</summary>
    public required IncidentNoticeKind Kind { get; init; }

    /// <summary>What holds the items up, such as <c>line:acme/web@main/main-ci</c>; stable while the cause is the same. At most 600 characters.</summary>
    public required string Cause { get; init; }

    /// <summary>One of <see cref="CauseKinds"/>, or a team's own.</summary>
    public required string CauseKind { get; init; }

    /// <summary>How bad it is now.</summary>
    public required IncidentSeverity Severity { get; init; }

    /// <summary>A few words: <c>main-ci is red on acme/web main</c>.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence: what is stuck, since when, how many.</summary>
    public required string Summary { get; init; }

    /// <summary>What unblocks it, in one sentence.</summary>
    public required string NextAction { get; init; }

    /// <summary>Since when the cause holds, by the evidence that holds now: it moves on when what waited longest is through, or when a line that was late turns red.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the notice was decided.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many items it holds up now; 0 for a source or a sink that holds up none.</summary>
    public required int Count { get; init; }

    /// <summary>The item that it holds up longest; null when there is none.</summary>
    public string? OldestItemId { get; init; }

    /// <summary>That item's title.</summary>
    public string? OldestItemTitle { get; init; }

    /// <summary>Some of the items, the oldest first; at most 10.</summary>
    public ImmutableArray<string> Items { get; init; } = [];

    /// <summary>Who is to act: a role or a team, never a session. Null when nobody was named.</summary>
    public string? Owner { get; init; }

    /// <summary>The gate; null for a source, a sink or rising work in progress.</summary>
    public string? Gate { get; init; }

    /// <summary>The repository, <c>owner/name</c>; null when the cause is not of one.</summary>
    public string? Repository { get; init; }

    /// <summary>The branch; null when the cause is not of one.</summary>
    public string? Branch { get; init; }

    /// <summary>The environment, or the target in it; null when the cause is not of one.</summary>
    public string? Environment { get; init; }

    /// <summary>The source or the sink that does not answer; null when the cause is not of one.</summary>
    public string? Source { get; init; }

    /// <summary>The highest priority of the items, in the team's own words; null when none has one.</summary>
    public string? Priority { get; init; }

    /// <summary>Where to look.</summary>
    public Uri? Evidence { get; init; }

    /// <summary>Who acknowledged, silenced or closed it, as they named themselves; null when nobody did.</summary>
    public string? By { get; init; }

    /// <summary>When the next notice is due if nothing changes; null for the last one and for one that is silenced.</summary>
    public DateTimeOffset? NextNoticeBy { get; init; }
}
