using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>The register that speaks for a change at a gate, and what it says for this change.</summary>
internal sealed record Pick(string Register, GateStatus Status, Reason? Reason, DateTimeOffset Since, CommitId Commit, CoverageView Coverage)
{
    public string? Detail { get; init; }

    public bool IsAbsence { get; init; }

    public DateTimeOffset? SettlesAt { get; init; }

    public CoveredFact Apply(Fact fact) => new(
        fact with { Status = Status, Reason = Reason ?? fact.Reason, OccurredAt = Since, Revision = Commit.Sha, Detail = Detail ?? fact.Detail },
        Coverage,
        IsAbsence,
        SettlesAt);
}
