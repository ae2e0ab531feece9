namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>What the approvals of a merge request come to.</summary>
internal enum ApprovalVerdict
{
    /// <summary>Nobody approved.</summary>
    None = 0,

    /// <summary>Somebody took an approval or a request for changes back; what stands is not said.</summary>
    Withdrawn = 1,

    /// <summary>Only its author approved.</summary>
    ByAuthorOnly = 2,

    /// <summary>Somebody approved, and GitLab's rules ask for more.</summary>
    Incomplete = 3,

    /// <summary>GitLab's rules are met, by one person at least.</summary>
    Approved = 4,

    /// <summary>A reviewer requested changes.</summary>
    ChangesRequested = 5,
}
