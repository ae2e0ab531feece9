namespace ClosedLoop.Insights.Records;

/// <summary>An incident in production.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="ResolvedAt">When it was resolved; null while it is not.</param>
public sealed record IncidentRecord(string Id, DateTimeOffset CreatedAt, DateTimeOffset? ResolvedAt = null)
{
    /// <summary>The deployment that caused it, when somebody said so; it is then not guessed.</summary>
    public string? Deployment { get; init; }

    /// <summary>Whether something outside caused it (a provider, a power cut): no deployment failed by it.</summary>
    public bool IsExternal { get; init; }
}
