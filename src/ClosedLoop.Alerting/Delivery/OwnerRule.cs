using ClosedLoop.Pipelines;

namespace ClosedLoop.Alerting.Delivery;

/// <summary>Names who is to act on an incident: a role or a team, which lives longer than any session.</summary>
/// <param name="Owner">The role, as the team names it: <c>ci-team</c>.</param>
public sealed record OwnerRule(string Owner)
{
    /// <summary>Only for this gate; null: any.</summary>
    public string? Gate { get; init; }

    /// <summary>Only for this repository, <c>owner/name</c>, or a pattern with a trailing <c>*</c>; null: any.</summary>
    public string? Repository { get; init; }

    /// <summary>Only for this priority; null: any.</summary>
    public string? Priority { get; init; }

    internal bool Matches(string? gate, string? repository, string? priority) =>
        (Gate is null || Gate == gate) && (Repository is null || (repository is not null && NamePattern.Matches(Repository, repository))) && (Priority is null || string.Equals(Priority, priority, StringComparison.OrdinalIgnoreCase));
}
