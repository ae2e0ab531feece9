namespace ClosedLoop.AspNetCore.Api;

internal sealed record ItemBody
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public string? Repository { get; init; }

    public required string Pipeline { get; init; }

    public string? Priority { get; init; }

    public required string Why { get; init; }

    public string? CurrentGate { get; init; }

    public string? FurthestGate { get; init; }

    public bool Done { get; init; }

    public DateTimeOffset? DoneAt { get; init; }

    public required string DoneDefinition { get; init; }

    public bool Abandoned { get; init; }

    public string? WaitingOn { get; init; }

    public DateTimeOffset? WaitingSince { get; init; }

    public bool Overdue { get; init; }

    public required IReadOnlyList<string> OverdueGates { get; init; }

    public DateTimeOffset? OpenedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? NextLookAt { get; init; }

    public bool Declared { get; init; }

    public string? Migration { get; init; }

    public ProvenanceBody? Provenance { get; init; }

    public required IReadOnlyList<ChangeBody> Changes { get; init; }

    public required IReadOnlyList<GateBody> Gates { get; init; }

    public static ItemBody Of(LoopStatus status) => new()
    {
        Id = status.State.Id,
        Title = status.State.Title,
        Repository = status.State.Repository,
        Pipeline = status.State.Pipeline,
        Priority = status.State.Priority,
        Why = status.Why,
        CurrentGate = status.State.CurrentGate,
        FurthestGate = status.State.FurthestGate,
        Done = status.IsDone,
        DoneAt = status.State.DoneAt,
        DoneDefinition = status.State.DoneDefinition,
        Abandoned = status.IsAbandoned,
        WaitingOn = status.State.WaitingOn,
        WaitingSince = status.State.WaitingSince(),
        Overdue = status.Overdue.Count > 0,
        OverdueGates = status.Overdue,
        OpenedAt = status.State.OpenedAt,
        UpdatedAt = status.UpdatedAt,
        NextLookAt = status.NextLookAt,
        Declared = status.State.Declared,
        Migration = status.State.Migration,
        Provenance = ProvenanceBody.Of(status.State.Provenance),
        Changes = [.. status.State.Changes.Select(ChangeBody.Of)],
        Gates = [.. status.State.Gates.Select(g => GateBody.Of(g, status.Overdue))],
    };
}
