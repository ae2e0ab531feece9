using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Facts;

namespace ClosedLoop.AspNetCore.Api.Incidents;

internal sealed record IncidentBody
{
    public required string Id { get; init; }

    public required string Cause { get; init; }

    public required string CauseKind { get; init; }

    public required string State { get; init; }

    public required string Severity { get; init; }

    public required string Title { get; init; }

    public required string Summary { get; init; }

    public required string NextAction { get; init; }

    public DateTimeOffset Since { get; init; }

    public DateTimeOffset FiredAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int Count { get; init; }

    public string? OldestItemId { get; init; }

    public string? OldestItemTitle { get; init; }

    public required IReadOnlyList<string> Items { get; init; }

    public string? Owner { get; init; }

    public string? Gate { get; init; }

    public string? Repository { get; init; }

    public string? Branch { get; init; }

    public string? Environment { get; init; }

    public string? Source { get; init; }

    public string? Priority { get; init; }

    public EvidenceBody? Evidence { get; init; }

    public int Episode { get; init; }

    public int Notices { get; init; }

    public string? By { get; init; }

    public string? Note { get; init; }

    public DateTimeOffset? SilencedUntil { get; init; }

    public HandOffBody? HandOff { get; init; }

    public static IncidentBody Of(Incident incident) => new()
    {
        Id = incident.Id,
        Cause = incident.Cause,
        CauseKind = incident.CauseKind,
        State = Names.Of(incident.State),
        Severity = Names.Of(incident.Severity),
        Title = incident.Title,
        Summary = incident.Summary,
        NextAction = incident.NextAction,
        Since = incident.Since,
        FiredAt = incident.FiredAt,
        LastSeenAt = incident.LastSeenAt,
        EndedAt = incident.EndedAt,
        Count = incident.Count,
        OldestItemId = incident.OldestItemId,
        OldestItemTitle = incident.OldestItemTitle,
        Items = incident.Items.IsDefault ? [] : incident.Items,
        Owner = incident.Owner,
        Gate = incident.Gate,
        Repository = incident.Repository,
        Branch = incident.Branch,
        Environment = incident.Environment,
        Source = incident.Source,
        Priority = incident.Priority,
        Evidence = EvidenceBody.Of(incident.Evidence is { } address ? new Evidence(address) : null),
        Episode = incident.Episode,
        Notices = incident.Notices,
        By = incident.By,
        Note = incident.Note,
        SilencedUntil = incident.SilencedUntil,
        HandOff = HandOffBody.Of(incident.HandOff),
    };
}
