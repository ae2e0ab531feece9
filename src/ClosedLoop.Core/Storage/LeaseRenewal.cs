namespace ClosedLoop.Storage;

/// <summary>More time for claims whose work goes on.</summary>
public sealed record LeaseRenewal
{
    /// <summary>Until when they hold from now on.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Claims of due rows.</summary>
    public IReadOnlyList<DueClaim> Due { get; init; } = [];

    /// <summary>Claims of outbox messages.</summary>
    public IReadOnlyList<OutboxClaim> Outbox { get; init; } = [];
}
