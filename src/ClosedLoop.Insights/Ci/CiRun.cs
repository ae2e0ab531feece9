namespace ClosedLoop.Insights.Ci;

/// <summary>One run of CI for one push.</summary>
public sealed record CiRun
{
    /// <summary>The pull request.</summary>
    public required string Change { get; init; }

    /// <summary>The commit that was pushed.</summary>
    public required string Commit { get; init; }

    /// <summary>Whose CI it was.</summary>
    public CiScope Scope { get; init; }

    /// <summary>When the push was received; null when that is not known.</summary>
    public DateTimeOffset? PushedAt { get; init; }

    /// <summary>When its work began, after whatever queue there was.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its verdict was reported.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>What became of it.</summary>
    public CiResult Result { get; init; }

    /// <summary>Which attempt at the same commit, from 1. Another attempt without a new commit asks whether the first was a flake.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Whether an agent pushed the commit; null when nobody said.</summary>
    public bool? ByAgent { get; init; }

    /// <summary>Why it failed, when somebody said.</summary>
    public FailureVerdict Verdict { get; init; }

    /// <summary>Whether there is a verdict.</summary>
    public bool HasVerdict => Result is CiResult.Passed or CiResult.Failed;
}
