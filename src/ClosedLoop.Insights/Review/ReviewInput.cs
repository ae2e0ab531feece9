namespace ClosedLoop.Insights.Review;

/// <summary>What is known of a pull request's head. Null is unknown, and what is unknown is never green.</summary>
public sealed record ReviewInput
{
    /// <summary>The commit that all of this is about.</summary>
    public required string Head { get; init; }

    /// <summary>Whether all required checks pass.</summary>
    public bool? TestsPass { get; init; }

    /// <summary>Whether the coverage was kept.</summary>
    public bool? CoverageKept { get; init; }

    /// <summary>Whether there is no lint violation.</summary>
    public bool? LintClean { get; init; }

    /// <summary>Whether the diff is within the size limit.</summary>
    public bool? WithinSizeLimit { get; init; }

    /// <summary>Whether the policy's approvals are met (there may be none to meet).</summary>
    public bool? PolicyMet { get; init; }

    /// <summary>Whether it conflicts with nothing that is queued.</summary>
    public bool? QueueClear { get; init; }

    /// <summary>How many comments of the AI's review need a person's judgement.</summary>
    public int? AiComments { get; init; }

    /// <summary>Findings of security or correctness that the reviewer is sure of.</summary>
    public int? CertainFindings { get; init; }

    /// <summary>Review comments that are not resolved.</summary>
    public int? UnresolvedComments { get; init; }

    /// <summary>Whether it touches code that security depends on, or another area of high risk.</summary>
    public bool? TouchesSensitiveCode { get; init; }

    /// <summary>Whether it changes an interface that others share.</summary>
    public bool? ChangesSharedInterface { get; init; }

    /// <summary>Whether it brings a new dependency.</summary>
    public bool? AddsDependency { get; init; }

    /// <summary>Whether it crosses a boundary of the architecture that needs an explicit approval.</summary>
    public bool? CrossesBoundary { get; init; }
}
